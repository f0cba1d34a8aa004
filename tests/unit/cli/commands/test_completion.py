"""`warren completion` as it is typed."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.unit.cli.calling import call


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell(shell: str) -> None:
    done = call("completion", shell)
    assert done.code == 0
    assert "_WARREN_COMPLETE" in done.out


def test_for_programs_and_for_other_shells() -> None:
    assert json.loads(call("completion", "bash", "--json").out)["shell"] == "bash"
    assert call("completion", "tcsh").code == 1


def test_commands_are_completed() -> None:
    asked = {"_WARREN_COMPLETE": "bash_complete", "COMP_WORDS": "warren lab fa", "COMP_CWORD": "2"}
    command = [sys.executable, "-m", "warren"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **asked})
    assert done.stdout == "plain,fault\n"
