"""`warren lab exec` as it is typed, without a kernel."""

from __future__ import annotations

import json

from tests.unit.cli.calling import call
from tests.unit.cli.commands.lab.rooms import noted


def test_words_and_exit_code_pass() -> None:
    with noted() as lab:
        assert call("lab", "exec", "game", "--name", "small", "--", "ls", "-l", "--json").code == 7
        assert lab.done == ["game: ls -l --json"]
        done = call("lab", "exec", "game", "--name", "small", "--json", "--", "ls")
    assert (done.code, json.loads(done.out)["stdout"], json.loads(done.out)["code"]) == (7, "ls", 7)


def test_a_command_is_needed() -> None:
    assert call("lab", "exec", "game").code == 1
