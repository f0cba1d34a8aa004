"""Options that all commands share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli.calling import call, written


def test_the_file_by_option_argument_environment_and_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WARREN_FILE", raising=False)
    path = written(tmp_path)
    assert call("check", path).code == 0
    assert call("check", "-f", path).code == 0
    monkeypatch.setenv("WARREN_FILE", str(path))
    assert call("check").code == 0
    monkeypatch.delenv("WARREN_FILE")
    monkeypatch.chdir(tmp_path)
    assert call("check").code == 0


def test_the_argument_wins(tmp_path: Path) -> None:
    assert call("check", written(tmp_path), "-f", "/nowhere.yaml").code == 0
