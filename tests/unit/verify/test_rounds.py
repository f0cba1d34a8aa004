"""Asking again."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from ipaddress import ip_address
from typing import Any

import pytest

from tests.grounds import Pretended
from warren.basis.address import Protocol
from warren.topology.model import Rate
from warren.verify import rounds
from warren.verify.flow import INSIDE, Flow
from warren.verify.rounds import affordable, attempt

FLOW = Flow("a", "b", ip_address("10.0.0.2"), 80, Protocol.TCP, True, INSIDE, "b", 80)
SHUT = replace(FLOW, port=81, open=False)


class Late:
    """Answers the port 80 from the given time of asking on."""

    def __init__(self, from_time: int) -> None:
        self.from_time, self.asked = from_time, Counter[int]()

    def __call__(self, probe: dict[str, Any]) -> dict[str, Any] | None:
        self.asked[probe["port"]] += 1
        if probe["port"] != 80 or self.asked[80] < self.from_time:
            return None
        return {"service": "b", "port": 80, "peer": "10.0.0.1"}


def test_a_missing_answer_is_asked_for_twice_more_with_patience() -> None:
    ground = Pretended({"a": "/a"}, Late(3))
    shut, late = attempt(ground, [SHUT, FLOW])
    assert late.agrees and shut.agrees
    assert [[p["timeout"] for p in plan["probes"]] for plan in ground.plans] == [[0.5, 0.5], [2.0], [4.0]]


def test_an_answer_is_proof_at_once() -> None:
    ground = Pretended({"a": "/a"}, Late(1))
    (verdict,) = attempt(ground, [replace(FLOW, open=False)])
    assert not verdict.agrees and len(ground.plans) == 1


def test_a_limited_port_is_asked_again_only_after_its_window(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    late = Late(2)
    beside = {"service": "b", "port": 80, "peer": "10.0.0.1"}
    ground = Pretended({"a": "/a"}, lambda probe: beside if probe["port"] == 81 else late(probe))
    verdict, _ = attempt(ground, [replace(FLOW, limit=Rate(3, 20)), replace(FLOW, port=81)])
    assert verdict.agrees and len(ground.plans) == 2
    assert max(slept) == pytest.approx(2 * 20 / 3 + 1)


def test_a_limited_port_of_a_silent_address_is_not_waited_for() -> None:
    ground = Pretended({"a": "/a"}, lambda _: None)
    attempt(ground, [replace(FLOW, limit=Rate(3, 20))])
    assert len(ground.plans) == 1


def test_limits_are_not_used_up() -> None:
    shared = replace(FLOW, limit=Rate(6, 60), own=(ip_address("198.18.1.1"),))
    flows = [replace(shared, source=name) for name in "cdef"]
    other = replace(shared, source="g", own=(ip_address("198.18.2.1"),))
    kept = affordable([*flows, FLOW, other], {(flows[3].key, flows[3].address)})
    assert [f.source for f in kept] == ["c", "f", "a", "g"]


def test_a_broken_network_is_not_asked_a_third_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "HOPELESS", 1)
    ground = Pretended({"a": "/a"}, lambda _: None)
    attempt(ground, [FLOW, replace(FLOW, port=82)])
    assert len(ground.plans) == 2


def test_a_place_that_is_not_there_is_not_waited_for() -> None:
    ground = Pretended({}, Late(1))
    (verdict,) = attempt(ground, [SHUT])
    assert not verdict.agrees and verdict.outcome.error == "absent"
