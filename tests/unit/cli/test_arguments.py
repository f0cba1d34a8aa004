"""Options that all commands share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli.calling import bench, call, written


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


def test_a_file_before_the_command_is_for_any_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARREN_FILE", "/nowhere.yaml")
    path = written(tmp_path)
    assert call("-f", path, "check").code == 0
    assert call("-f", path, "show", "topology").code == 0
    assert call("-f", "/nowhere.yaml", "check", "-f", path).code == 0
    assert call("-f", "/nowhere.yaml", "check", path).code == 0
    assert call("-f", "/nowhere.yaml", "check").code == 1


@pytest.mark.parametrize("command", ["check", "graph", "plan", "apply --yes", "status", "traffic", "lab plan"])
def test_every_command_that_reads_the_file_takes_it_as_a_word(tmp_path: Path, command: str) -> None:
    with bench():
        assert call(*command.split(), written(tmp_path)).code == 0


def test_a_command_with_words_of_its_own_takes_no_file_as_one(tmp_path: Path) -> None:
    assert call("show", "topology", written(tmp_path)).code == 1
