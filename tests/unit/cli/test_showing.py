"""What several commands show, and the exit codes that they mean."""

from __future__ import annotations

import json

import pytest

from tests.topologies import two_hosts
from warren.apply import Failure, Outcome
from warren.cli import showing
from warren.verify.report import Report


def test_an_outcome(capsys: pytest.CaptureFixture[str]) -> None:
    assert showing.show_outcome(Outcome(3), as_json=False) == 0
    assert capsys.readouterr().out == "Applied: 3 changes.\n"
    assert showing.show_outcome(Outcome(0, Failure("vps", "no")), as_json=True, lab="x") == 1
    said = capsys.readouterr()
    assert json.loads(said.out)["failure"]["host"] == "vps"
    assert json.loads(said.out)["lab"] == "x"
    assert "failed on vps" in said.err


def test_progress_goes_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    showing.progress("home", "34 changes made")
    assert capsys.readouterr().err == "home: 34 changes made\n"


def test_a_report(capsys: pytest.CaptureFixture[str]) -> None:
    assert showing.show_report(Report(()), two_hosts(), as_json=True) == 0
    assert json.loads(capsys.readouterr().out)["summary"] == {
        "flows": 0,
        "agreed": 0,
        "failed": 0,
        "untold": 0,
    }
    assert showing.show_report(Report(()), two_hosts(), as_json=False) == 0
    assert "0 of 0 flows as declared" in capsys.readouterr().out


def test_a_picture(capsys: pytest.CaptureFixture[str]) -> None:
    showing.show_picture(two_hosts())
    assert "Internet" in capsys.readouterr().out
