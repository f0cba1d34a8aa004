"""warren logs."""

from __future__ import annotations

import json

import pytest

from tests.unit.cli.calling import call
from tests.unit.cli.commands.doors import stand


def test_for_people(monkeypatch: pytest.MonkeyPatch) -> None:
    door = stand(monkeypatch)
    assert call("logs", "blog", "-f", "-n", "5", "--since", "10m", "-c", "app").code == 0
    assert door.asked == [
        (None, "blog", "app"),
        ("--output=short-iso", "--no-hostname", "--lines=5", "--since=-10m", "--follow"),
    ]


def test_for_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    stand(monkeypatch)
    said = json.loads(call("logs", "--json", "blog").out)
    assert [line["text"] for line in said["lines"]] == ["hello"]
    assert "would never end" in call("logs", "--json", "-f", "blog").err


def test_a_plain_lab_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    stand(monkeypatch).is_plain = True
    said = call("logs", "blog")
    assert (said.code, said.out) == (0, "")
    assert "they say nothing" in said.err
    assert json.loads(call("logs", "--json", "blog").out)["lines"] == []
