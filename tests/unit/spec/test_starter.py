"""starter: the first file is a good one."""

from __future__ import annotations

from tests.spec_texts import found, resolved
from warren.spec.starter import starter


def test_nothing_is_said_about_it() -> None:
    assert found(starter()) == ()


def test_it_resolves_under_the_name_that_was_asked_for() -> None:
    topology = resolved(starter("attic"))
    assert topology.name == "attic"
    assert [exposure.at for exposure in topology.exposures] == ["vps", "home"]


def test_editors_find_its_schema_in_the_first_line() -> None:
    assert starter().splitlines()[0] == "# yaml-language-server: $schema=./warren.schema.json"


def test_its_lines_are_short() -> None:
    assert max(map(len, starter().splitlines())) <= 120
