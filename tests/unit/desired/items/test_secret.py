"""A secret: by standard input into Podman's store, a digest beside it, and nowhere else."""

from __future__ import annotations

from warren.desired.items.secret import Secret, observed
from warren.desired.steps import script

PASSWORD = Secret("db", 6001, "password", "a1b2", "file:db.txt")


def test_the_value_comes_from_a_file_of_root_s() -> None:
    made = script(PASSWORD.create())
    assert 'cat "${WARREN_SECRETS:?}"/6001.password | (cd ' in made
    assert "podman secret create --replace password -) >/dev/null" in made


def test_where_the_operator_keeps_it_stays_with_the_operator() -> None:
    assert "db.txt" not in script(PASSWORD.create())
    assert PASSWORD == Secret("db", 6001, "password", "a1b2", "env:PASSWORD")


def test_nothing_of_it_is_said() -> None:
    changed = Secret("db", 6001, "password", "c3d4")
    assert changed.differences(PASSWORD) == ("value changed",)
    assert "a1b2" not in f"{PASSWORD!r} {PASSWORD.describe()} {PASSWORD.key}"


def test_it_is_read_back() -> None:
    sections = {"secrets": "/var/lib/warren/secrets/6001/password:a1b2\n/var/lib/warren/secrets/6009/x:00\n"}
    assert list(observed(sections, {6001: "db"})) == [PASSWORD]


def test_its_digest_is_root_s_alone() -> None:
    assert "umask 077; mkdir -p /var/lib/warren/secrets/6001" in script(PASSWORD.create())
