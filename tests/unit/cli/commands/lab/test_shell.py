"""`warren lab shell` as it is typed, without a kernel."""

from __future__ import annotations

import pytest

from tests.unit.cli.calling import call
from tests.unit.cli.commands.lab.rooms import noted


def test_the_callers_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    with noted() as lab:
        monkeypatch.setenv("SHELL", "/bin/dash")
        assert call("lab", "shell", "game", "--name", "small").code == 7
        monkeypatch.delenv("SHELL")
        call("lab", "shell", "game", "--name", "small")
    assert lab.done == ["game: /bin/dash", "game: /bin/sh"]


def test_it_speaks_no_json() -> None:
    assert call("lab", "shell", "game", "--json").code == 1
