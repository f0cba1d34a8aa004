"""warren exec."""

from __future__ import annotations

import json

import pytest

from tests.unit.cli.calling import call
from tests.unit.cli.commands.doors import stand


def test_the_commands_exit_code_is_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    door = stand(monkeypatch)
    assert call("exec", "blog", "--", "ls", "-l").code == 5
    assert call("exec", "--lab", "x", "-c", "app", "blog", "--", "ls").code == 5
    assert door.asked == [(None, "blog", None), ("ls", "-l"), ("x", "blog", "app"), ("ls",)]


def test_for_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    stand(monkeypatch)
    said = call("exec", "--json", "blog", "--", "ls")
    assert said.code == 6
    assert json.loads(said.out) == {
        "version": 1, "service": "blog", "container": None, "code": 6, "stdout": "out\n", "stderr": "err\n",
    }  # fmt: skip
