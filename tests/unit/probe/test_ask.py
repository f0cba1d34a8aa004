"""Questions and outcomes."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path

import pytest

from tests.grounds import Pretended
from warren.probe.ask import Outcome, Probe, ask
from warren.probe.ground import Fault

PROBE = Probe("a", ip_address("10.0.0.1"), 80, "tcp", 0.5)


def test_outcomes_come_in_the_order_of_the_questions() -> None:
    answers = Pretended({"a": "/a"}, lambda p: {"service": "b", "port": p["port"]} if p["port"] == 80 else None)
    other = Probe("a", ip_address("fd00::1"), 81, "udp", 0.5)
    assert ask(answers, [other, PROBE]) == [Outcome(error="timeout", ms=1.0), Outcome("b", 80, ms=1.0)]
    assert answers.plans[0]["probes"][0] == {
        "id": 0,
        "netns": "/a",
        "address": "fd00::1",
        "port": 81,
        "protocol": "udp",
        "timeout": 0.5,
        "payload": "?\n",
    }


def test_a_place_that_is_not_there() -> None:
    assert ask(Pretended({}, lambda _: None), [PROBE]) == [Outcome(error="absent")]


def test_nothing_to_ask_runs_nothing() -> None:
    ground = Pretended({}, lambda _: None)
    assert ask(ground, []) == [] and ground.plans == []


def test_a_connection_without_an_answer_has_arrived() -> None:
    assert Outcome(error="timeout", connected=True).arrived
    assert not Outcome(error="timeout").arrived


def test_a_prober_that_fails_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    ground = Pretended({"a": "/a"}, lambda _: None)

    def broken(program: Path, stdin: bytes, timeout: float) -> bytes:
        return b"Traceback"

    monkeypatch.setattr(ground, "run_program", broken)
    with pytest.raises(Fault, match="Traceback"):
        ask(ground, [PROBE])
