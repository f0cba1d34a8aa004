"""warren shell."""

from __future__ import annotations

import pytest

from tests.unit.cli.calling import call
from tests.unit.cli.commands.doors import stand
from warren.cli.inside import SHELL


def test_a_shell_says_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    door = stand(monkeypatch)
    said = call("shell", "blog")
    assert (said.code, said.err) == (5, "this is blog on vps; `exit` leads back\n")
    assert door.asked == [(None, "blog", None), ("sh", "-c", SHELL)]


def test_a_shell_speaks_no_json(monkeypatch: pytest.MonkeyPatch) -> None:
    stand(monkeypatch)
    assert "a shell speaks no JSON" in call("shell", "--json", "blog").err
