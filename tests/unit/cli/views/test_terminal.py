"""What a terminal can show."""

from __future__ import annotations

import io

import pytest

from warren.cli.views import terminal


def test_the_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "72")
    assert terminal.columns() == 72
    monkeypatch.setenv("COLUMNS", "0")
    monkeypatch.setattr("sys.stdout", io.StringIO())
    assert terminal.columns() == terminal.WIDE
    monkeypatch.delenv("COLUMNS")
    assert terminal.columns() == terminal.WIDE


@pytest.mark.parametrize(("encoding", "expected"), [("utf-8", False), ("ascii", True), ("latin-1", True)])
def test_letters(monkeypatch: pytest.MonkeyPatch, encoding: str, expected: bool) -> None:
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(io.BytesIO(), encoding=encoding))
    assert terminal.ascii_only() is expected
