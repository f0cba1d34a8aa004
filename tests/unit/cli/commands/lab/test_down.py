"""`warren lab down` as it is typed, without a kernel."""

from __future__ import annotations

import json

import pytest

from tests.unit.cli.calling import call
from tests.unit.cli.commands.lab.rooms import noted


def test_one_and_all() -> None:
    with noted() as lab:
        assert call("lab", "down", "--name", "small").out == "lab `small` is gone\n"
        assert json.loads(call("lab", "down", "--all", "--json").out)["ended"] == ["small"]
    assert lab.done == ["down", "down"]


def test_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warren.lab.lab.labs", lambda: ())
    assert call("lab", "down", "--all").out == "No lab runs.\n"
