"""A secret: by standard input into Podman's store, a digest beside it, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from warren.desired.items.secret import Secret, observed
from warren.desired.steps import script

PASSWORD = Secret("db", 6001, "password", "a1b2", "file:db.txt")
OF_PROGRAM = replace(PASSWORD, as_file=True)
PATH = "/var/lib/warren/credentials/db/password"


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


def test_a_program_without_a_container_gets_a_file_that_its_user_can_only_read() -> None:
    made = script(OF_PROGRAM.create())
    assert 'cat "${WARREN_SECRETS:?}"/6001.password | (umask 077; mkdir -p -m 0711 /var/lib/warren/credentials' in made
    assert f"chmod 0440 {PATH}.warren-new && mv -f {PATH}.warren-new {PATH})" in made
    assert f"rm -f {PATH};" in script(OF_PROGRAM.remove()) and "podman" not in made
    assert OF_PROGRAM.rank < PASSWORD.rank


def test_what_comes_in_another_way_leaves_nothing_behind() -> None:
    assert "podman secret rm password" in script(OF_PROGRAM.change(PASSWORD))
    assert f"rm -f {PATH};" in script(PASSWORD.change(OF_PROGRAM))


@pytest.mark.parametrize("stands", ["440 root db", "444 root db", "440 db db", None])
def test_a_file_that_is_not_as_it_was_made_is_delivered_anew(stands: str | None) -> None:
    kept = {"secrets": "/var/lib/warren/secrets/6001/password%file:a1b2\n"}
    sections = {**kept, "credentials": f"{stands} {PATH}\n"} if stands else kept
    assert list(observed(sections, {6001: "db"})) == ([OF_PROGRAM] if stands == "440 root db" else [])
