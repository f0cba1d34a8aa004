"""What a packet of a connection that stands meets on its way, counted in the slow reading: no clock, so no noise."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from ipaddress import ip_address
from types import FrameType

import pytest

from tests.netns.threatened import CLIENT, address, public, threatened
from tests.networks import interpreter
from warren.prove import judge, look
from warren.prove.connection import Conntrack
from warren.prove.header import TCP, Packet
from warren.prove.interpret import Interpreter

RULE, LOOKUP = judge._rule.__code__, look._first.__code__


@dataclass(slots=True)
class Met:
    """Rules that were asked, and sets and maps in which something was looked up; how many of these hold ranges."""

    rules: int = 0
    lookups: int = 0
    of_ranges: int = 0

    def __call__(self, frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code is RULE:
            self.rules += 1
        if event == "call" and frame.f_code is LOOKUP:
            self.lookups += 1
            self.of_ranges += "interval" in frame.f_locals["held_by"].flags


@pytest.fixture(scope="module")
def network() -> Interpreter:
    return interpreter(threatened())


def ways(version: int) -> Iterator[tuple[str, str, str, int, str, str | None]]:
    """Name, source, target, port, where it begins, and by which device."""
    cloud, db, blog = (address(name, version) for name in ("cloud", "db", "blog"))
    yield "one host", cloud, db, 5432, "cloud", None
    yield "by tunnel", blog, cloud, 80, "blog", None
    yield "visitor", CLIENT[version], public("vps", version), 8081, "vps", "eth0"
    yield "visitor by tunnel", CLIENT[version], public("vps", version), 8080, "vps", "eth0"


def met(network: Interpreter, way: tuple[str, str, str, int, str, str | None]) -> Iterator[Met]:
    """What the next question and the next answer of a connection meet, at all hosts on the way."""
    _, source, target, port, place, device = way
    numbers = int(ip_address(source)), int(ip_address(target))
    packet = Packet(ip_address(source).version, *numbers, TCP, 40000, port, frozenset({"syn"}))
    conntrack = Conntrack()
    asked = network._way(place, packet, device, conntrack)
    answer = asked.node, asked.final.answer(), asked.device
    assert asked.passed and network._way(*answer, conntrack).passed
    for start, moving, by in ((place, packet.later(), device), answer):
        counting = Met()
        before = sys.getprofile()
        sys.setprofile(counting)
        try:
            assert network._way(start, moving, by, conntrack).passed
        finally:
            sys.setprofile(before)
        yield counting


# More than these, and every packet pays: change them knowingly, and docs/performance.md with them.
MOST = {
    4: {
        "one host": (Met(15, 2, 0), Met(19, 4, 0)),
        "by tunnel": (Met(29, 6, 0), Met(47, 12, 1)),
        "visitor": (Met(15, 5, 0), Met(19, 5, 0)),
        "visitor by tunnel": (Met(33, 11, 1), Met(52, 16, 2)),
    },
    6: {
        "one host": (Met(19, 2, 0), Met(23, 4, 0)),
        "by tunnel": (Met(38, 6, 0), Met(57, 12, 1)),
        "visitor": (Met(19, 5, 0), Met(23, 5, 0)),
        "visitor by tunnel": (Met(42, 11, 1), Met(61, 16, 2)),
    },
}


@pytest.mark.parametrize("version", [4, 6])
def test_a_packet_of_a_connection_meets_few_rules(network: Interpreter, version: int) -> None:
    for way in ways(version):
        assert tuple(met(network, way)) == MOST[version][way[0]], way[0]


def test_who_else_is_permitted_costs_a_packet_nothing(network: Interpreter) -> None:
    few = interpreter(replace(threatened(), permissions=threatened().permissions[:1]))
    way = next(ways(4))
    assert tuple(met(few, way)) == tuple(met(network, way))
