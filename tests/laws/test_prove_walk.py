"""What a packet does on its own it does in its set: the fast proof against the slow interpreter, packet by packet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from tests.networks import example, outside_of, states_of
from tests.topologies import two_hosts
from warren.desired.items.rules import Rules
from warren.desired.model import HostState, of_kind
from warren.formats.nft.model import Prefix, Span
from warren.prove.diagrams import Diagram
from warren.prove.header import TCP, UDP, Packet, opening
from warren.prove.matrix import Origin, Proof, prove
from warren.prove.packets import values
from warren.prove.routing import LOOPBACK4
from warren.topology.model import Topology

EXAMPLES = ("two-hosts", "nine-worlds", "two-gateways", "shared-host", "tidy-homelab", "game-server")
ELSEWHERE = ("198.51.100.7", "192.168.2.50", "10.86.9.9", "169.254.169.254", "127.0.0.1", "224.0.0.1", "8.8.8.8",
             "2001:db8:ffff::7", "fe80::1", "fd00::9", "2001:4860::8888")  # fmt: skip


@dataclass(frozen=True)
class World:
    """A proof, and the numbers that make a difference in it."""

    proof: Proof
    addresses: Mapping[int, tuple[int, ...]]
    ports: tuple[int, ...]
    sent: tuple[tuple[int, str, Diagram, Diagram], ...]


def topology_of(name: str) -> Topology:
    return two_hosts() if name == "two-hosts" else example(name)


@cache
def world(name: str) -> World:
    return world_of(states_of(topology_of(name)), topology_of(name))


def world_of(states: Mapping[str, HostState], topology: Topology) -> World:
    proof = prove(states, outside_of(topology))
    found = {4: set[int](), 6: set[int]()}
    for node in proof.network.nodes.values():
        for version, number in node.local:
            found[version].add(number)
    for text in ELSEWHERE:
        found[ip_address(text).version].add(int(ip_address(text)))
    numbers = {v: tuple(sorted(n)) for v, n in found.items()}
    return World(proof, numbers, tuple(sorted(ports(states))), tuple(sent(proof)))


def sent(proof: Proof) -> Iterator[tuple[int, str, Diagram, Diagram]]:
    """For each arrival its family, its end, and the headers that arrive and are answered, as they were sent."""
    for each in proof.proved:
        walk = proof.walks[each.version]
        name = f"{each.exit}!{each.arrival.device}" if each.exit else "inside"
        arrived, answered = (
            walk.sent(each.start, each.arrival, headers) for headers in (each.arrival.headers, each.answered)
        )
        yield each.version, name, arrived, answered


def ports(states: Mapping[str, HostState]) -> set[int]:
    """Every port of the rules, and those beside it."""
    found = {0, 22, 53, 65535}
    for state in states.values():
        for item in of_kind(state, Rules):
            for held in item.table.lookups().values():
                for element in held.elements:
                    for value in element.key:
                        if isinstance(value, int) and value < 65536:
                            found |= {value - 1, value, value + 1}
                        if isinstance(value, Span) and value.version == 0:
                            found |= {value.first, value.last + 1}
    return {port for port in found if 0 <= port <= 65535}


@st.composite
def packets(draw: st.DrawFn, at: World) -> tuple[Origin, int, Packet]:
    """A packet of a place; of the outside and of services with any source, of a host with one of its own."""
    number = draw(st.integers(0, len(at.proof.origins) - 1))
    origin = at.proof.origins[number]
    node = at.proof.network.nodes[origin.node]
    version = draw(st.sampled_from((4, 6)))
    own = sorted(n for v, n in node.local if v == version and n not in (LOOPBACK4.first + 1, 1))
    anyone = at.addresses[version]
    source = draw(st.sampled_from(own if (node.is_host and not origin.device and own) else [*own, *anyone]))
    target = draw(st.sampled_from(anyone))
    protocol = draw(st.sampled_from((TCP, TCP, UDP, UDP, 1, 58, 47)))
    sport = draw(st.sampled_from((40001, 67, 547, 0x0800, 0x8000, 135 << 8)))
    dport = draw(st.sampled_from(at.ports))
    return origin, number, opening(version, source, target, protocol, sport, dport)


def ends(at: World, number: int, packet: Packet) -> tuple[set[str], set[str]]:
    """Where the proof says that a packet ends, and where it says that it is answered."""
    space, header = at.proof.walks[packet.version].space, values(packet, number)
    mine = [each for each in at.sent if each[0] == packet.version]
    arrived = {name for _, name, headers, _ in mine if space.holds(headers, header)}
    return arrived, {name for _, name, _, headers in mine if space.holds(headers, header)}


def check(at: World, origin: Origin, number: int, packet: Packet) -> None:
    """The proof and the interpreter agree about one packet."""
    trace = at.proof.interpreter.trace(origin.node, packet, origin.device)
    note(f"{origin}\n{trace}")
    way = trace.forward
    name = f"{way.node}!{way.device}" if way.device else "inside"
    arrived, answered = ends(at, number, packet)
    assert arrived == ({name} if way.passed else set())
    if packet.protocol in (TCP, UDP):
        assert answered == ({name} if trace.works else set())


def to_itself(proof: Proof, origin: Origin, packet: Packet) -> bool:
    """A service that speaks to itself never leaves its namespace: the proof does not start there."""
    node = proof.network.nodes[origin.node]
    return not node.is_host and ((packet.version, packet.target) in node.local or packet.target >> 24 == 127)


@pytest.mark.parametrize("name", EXAMPLES)
@given(draw=st.data())
def test_sets_and_packets_agree(name: str, draw: st.DataObject) -> None:
    at = world(name)
    for _ in range(10):
        origin, number, packet = draw.draw(packets(at))
        if not to_itself(at.proof, origin, packet):
            check(at, origin, number, packet)


def test_some_packets_arrive() -> None:
    at = world("nine-worlds")
    prefix = Prefix.of("203.0.113.10")
    number = at.proof.of("internet")[0]
    arrived, answered = ends(at, number, opening(4, prefix.first + 99, prefix.first, UDP, 40001, 12345))
    assert arrived == answered == {"inside"}
