"""Expectations: the statements of the file as places and ports.

In: the `expect` lines. Out: the topology with expectations. Never judges them: `verify` does.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from warren.spec.expectation import Expected
from warren.spec.expecting import Goal, sources, targets
from warren.spec.reference import Problem
from warren.topology.ground import Ground, refuse
from warren.topology.model import Expectation, Port, Topology

T = TypeVar("T")


def expect(ground: Ground, topology: Topology) -> Topology:
    """Every line of the file."""
    lines = tuple(_expectation(ground, index, line) for index, line in enumerate(ground.spec.expect))
    return replace(topology, expect=lines)


def _expectation(ground: Ground, index: int, line: Expected) -> Expectation:
    place = ground.spec.place("expect", index)
    found = [_sure(ground, index, sources(ground.directory, word)) for word in line.sources]
    goals = [_sure(ground, index, targets(ground.directory, word)) for word in line.targets]
    return Expectation(
        text=line.text,
        sources=tuple(dict.fromkeys(one for some in found for one in some)),
        targets=tuple(dict.fromkeys(port for some in goals for goal in some for port in _ports(goal))),
        open=line.open,
        place=place,
    )


def _sure(ground: Ground, index: int, found: tuple[T, ...] | Problem) -> tuple[T, ...]:
    if isinstance(found, Problem):
        refuse(found.code, found.sentence, ground.spec.place("expect", index), found.hint)
    return found


def _ports(goal: Goal) -> tuple[tuple[str, Port], ...]:
    return tuple((goal.place, Port(goal.name, protocol, goal.port.ports)) for protocol in goal.port.protocols)
