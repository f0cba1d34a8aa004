"""The whole command line: help, version, and what it costs to start."""

from __future__ import annotations

import subprocess
import sys

import pytest

import warren
from tests.unit.cli.calling import call
from warren.cli.tree import COMMANDS

HEAVY = ("pydantic", "rich", "yaml", "ipaddress", "cryptography", "json", "warren.pipeline", "warren.topology")


def test_help_names_every_command_and_every_exit_code() -> None:
    done = call("--help")
    assert done.code == 0
    assert all(f"\n  {name} " in done.out for name in COMMANDS)
    assert "3    what is declared is not so" in done.out


def test_version() -> None:
    assert call("--version").out == f"warren {warren.__version__}\n"


def test_nothing_heavy_is_imported_for_help() -> None:
    found = f"', '.join(set({HEAVY}) & sys.modules.keys())"
    program = f"import sys; from warren.cli.main import main; main(['--help']); sys.exit({found})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == ""


def test_a_misspelt_command_and_option() -> None:
    done = call("chek")
    assert (done.code, done.err) == (
        1,
        "error: there is no command `chek`; did you mean `check`?\nhint: warren --help\n",
    )
    done = call("check", "--jsn")
    assert done.code == 1
    assert done.err == "error: there is no option `--jsn`; did you mean `--json`?\nhint: warren check --help\n"


@pytest.mark.parametrize("words", [[], ["lab"], ["lab", "fault"]])
def test_without_a_command_there_is_help(words: list[str]) -> None:
    done = call(*words)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("Usage: warren")
    assert "Commands:" in done.err


def test_colour_is_decided_for_all_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in call("check", "-f", "nowhere.yaml").err
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in call("check", "-f", "nowhere.yaml").err
