"""Scripts on this machine, or behind a prefix."""

from __future__ import annotations

import pytest

from warren.hosts.base import Unreachable
from warren.hosts.local import LocalHost, here

HERE = LocalHost("here")


def test_a_script_says_what_it_says() -> None:
    result = HERE.run("echo said; echo wrong >&2; exit 3")
    assert (result.code, result.stdout, result.stderr) == (3, b"said\n", b"wrong\n")


def test_standard_input_is_the_scripts_own() -> None:
    assert HERE.run("cat", b"secret").stdout == b"secret"


def test_a_script_may_be_long() -> None:
    assert HERE.run("#" * 300_000 + "\necho long").stdout == b"long\n"


def test_a_prefix_leads_elsewhere() -> None:
    assert LocalHost("there", ("env", "PLACE=there")).run("echo $PLACE").stdout == b"there\n"


def test_what_does_not_end_is_unreachable() -> None:
    with pytest.raises(Unreachable, match=r"here did not finish within 0\.1 seconds"):
        HERE.run("sleep 5", timeout=0.1)


def test_a_prefix_that_is_not_there_is_unreachable() -> None:
    with pytest.raises(Unreachable, match="gone cannot be entered: No such file or directory"):
        LocalHost("gone", ("/no/such/program",)).run("true")


def test_sudo_that_asks_is_refused_in_plain_words() -> None:
    asking = LocalHost("here", ("sh", "-c", "echo sudo: a password is required >&2; exit 1"))
    with pytest.raises(Unreachable, match="here cannot be reached: sudo asks for a password"):
        asking.run("true")


def test_how_its_operator_came_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "198.51.100.7 1 203.0.113.10 22")
    assert HERE.run("echo $SSH_CONNECTION").stdout == b"198.51.100.7 1 203.0.113.10 22\n"


def test_a_command_on_our_own_streams(capfd: pytest.CaptureFixture[str]) -> None:
    assert HERE.attach("echo out; exit 4") == 4
    assert capfd.readouterr().out == "out\n"


def test_root_needs_no_sudo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert here("home").prefix == ()
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert here("home").prefix == ("sudo", "-n")
    assert here("home").fresh() == here("home")
