"""`warren init` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

from tests.unit.cli.calling import call


def test_what_it_writes_is_right(tmp_path: Path) -> None:
    path = tmp_path / "warren.yaml"
    done = call("init", path)
    assert (done.code, done.out) == (0, f"wrote {path} and {tmp_path / 'warren.schema.json'}\n")
    assert "warren lab test" in done.err
    assert path.read_text().startswith("# yaml-language-server: $schema=./warren.schema.json\n")
    assert call("check", path).code == 0


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "warren.yaml"
    path.write_text("mine")
    done = call("init", path)
    assert done.code == 1
    assert "exists already" in done.err
    assert path.read_text() == "mine"


def test_a_schema_that_stands_there_stays(tmp_path: Path) -> None:
    (tmp_path / "warren.schema.json").write_text("mine")
    found = json.loads(call("init", tmp_path / "a.yaml", "--json").out)
    assert found["written"] == [str(tmp_path / "a.yaml")]
    assert (tmp_path / "warren.schema.json").read_text() == "mine"


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    done = call("init", tmp_path / "nowhere" / "warren.yaml")
    assert done.code == 1
    assert "cannot be written: no such file or directory" in done.err
