"""What a host remembers, as it prints it."""

from __future__ import annotations

import json
import subprocess

import pytest

from warren.survey.memory import SCRIPT, Last, Memory, Pending, decode

ENTRY = {
    "generation": 3,
    "when": "2026-01-02T03:04:05Z",
    "who": "ada@pc",
    "summary": "+1 service",
    "outcome": "applied",
}


def test_it_is_shell() -> None:
    subprocess.run(["sh", "-n"], input=SCRIPT.encode(), check=True)


def test_a_change_that_waits() -> None:
    text = f"now 1000\ngeneration 3\nstate armed\nwho ada@pc\nleft 42\nlast {json.dumps(ENTRY)}\n"
    last = Last("2026-01-02T03:04:05Z", "ada@pc", "+1 service", "applied")
    assert decode(text) == Memory(1000, 3, Pending("armed", "ada@pc", 42), last)
    assert last.stayed and not Last("", "", "", "back: window").stayed


@pytest.mark.parametrize("last", ["", '{"generation": 3, "wh', "[]", '{"when": 1}'])
def test_a_host_without_memory(last: str) -> None:
    assert decode(f"now 5\ngeneration \nwho \nlast {last}\n") == Memory(5)
    assert decode("") == Memory()
