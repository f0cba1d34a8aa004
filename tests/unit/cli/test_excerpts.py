"""Lines of a file, for excerpts."""

from __future__ import annotations

from pathlib import Path

from warren.cli.excerpts import lines_of


def test_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"one\ntwo \xff\n")
    assert lines_of(str(path)) == ["one", "two \N{REPLACEMENT CHARACTER}", ""]


def test_what_cannot_be_read_has_none(tmp_path: Path) -> None:
    assert lines_of(str(tmp_path)) == ()
    assert lines_of(str(tmp_path / "nowhere")) == ()
    assert lines_of("with\0null") == ()
