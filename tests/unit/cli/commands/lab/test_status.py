"""`warren lab status` as it is typed, without a kernel."""

from __future__ import annotations

import json

import pytest

from tests.unit.cli.calling import call
from tests.unit.cli.commands.lab.rooms import noted
from warren.cli.survey import LabGlance


def test_all_and_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warren.cli.survey.survey", lambda lab: LabGlance(lab.name, (), ("internet",), ()))
    with noted():
        assert call("lab", "status").out == "lab small\n  places  internet\n"
        assert json.loads(call("lab", "status", "--name", "small", "--json").out)["labs"][0]["name"] == "small"


def test_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warren.lab.lab.labs", lambda: ())
    assert call("lab", "status").out == "No lab runs.\n"
