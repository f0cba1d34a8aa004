"""`warren explain` from the file alone, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

from tests.unit.cli.calling import call, written


def test_what_the_file_allows(tmp_path: Path) -> None:
    said = call("explain", "-f", written(tmp_path), "game", "db", "--static")
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines()[0] == "game -> db:5432/tcp is open in the file"


def test_what_it_does_not(tmp_path: Path) -> None:
    said = call("explain", "-f", written(tmp_path), "internet", "db", "--static", "--json")
    found = json.loads(said.out)
    assert (said.code, found["verdict"]["code"]) == (3, "exposure-missing")


def test_an_unknown_place_is_refused(tmp_path: Path) -> None:
    said = call("explain", "-f", written(tmp_path), "gmae", "db", "--static")
    assert (said.code, said.out) == (1, "")
    assert (
        said.err == "error[no-place]: there is no place `gmae`\n  hint: did you mean `game`?\n"
        or "no place" in said.err
    )
