"""Expectations: the statements of the file as places and ports.

In: the `expect` lines. Out: the topology with expectations. Never judges them.
"""

from __future__ import annotations

from dataclasses import replace

from warren.spec.expectation import Expected
from warren.spec.expecting import Goal, sides
from warren.topology.ground import Ground, refuse
from warren.topology.model import Expectation, Port, Topology


def expect(ground: Ground, topology: Topology) -> Topology:
    """Every line of the file."""
    lines = tuple(_expectation(ground, index, line) for index, line in enumerate(ground.spec.expect))
    return replace(topology, expect=lines)


def _expectation(ground: Ground, index: int, line: Expected) -> Expectation:
    place = ground.spec.place("expect", index)
    found = sides(ground.directory, line)
    if isinstance(found, tuple):
        refuse(found[0].code, found[0].sentence, place, found[0].hint)
    targets = tuple(dict.fromkeys(port for goal in found.goals for port in _ports(goal)))
    return Expectation(line.text, found.sources, targets, line.open, place, found.anyone)


def _ports(goal: Goal) -> tuple[tuple[str, Port], ...]:
    return tuple((goal.place, Port(goal.name, protocol, goal.port.ports)) for protocol in goal.port.protocols)
