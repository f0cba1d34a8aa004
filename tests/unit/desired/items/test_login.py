"""Sessions of services' users: one profile for all stacks, switched on and off by pam-auth-update."""

from __future__ import annotations

from warren.desired.items.login import PROFILE_TEXT, Login
from warren.desired.steps import script


def test_it_is_in_every_session_and_in_nothing_else() -> None:
    assert "\n\trequired\tpam_usernet.so\n" in PROFILE_TEXT


def test_the_first_of_a_user_is_left_to_its_unit() -> None:
    before, _, _ = PROFILE_TEXT.partition("\trequired")
    assert before.endswith("Session:\n\t[success=1 default=ignore]\tpam_succeed_if.so quiet service = systemd-user\n")
    assert "Auth" not in PROFILE_TEXT


def test_it_goes_as_it_came() -> None:
    assert "pam-auth-update --package --enable warren" in script(Login().create())
    assert "pam-auth-update --package --remove warren" in script(Login().remove())


def test_half_of_the_stacks_is_drift() -> None:
    assert Login() != Login(active=False)
    assert Login().differences(Login(active=False)) == ("is not in every stack",)
