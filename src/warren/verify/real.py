"""Ports where a program of the network answers itself, and how to greet it.

In: a topology and flows. Out: the same flows, with those marked that no stand-in answers; the first bytes that its
program answers. Never asks what the answer says: `names` and `visits` do.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import replace

from warren.basis.address import Protocol
from warren.topology.model import Role, Topology
from warren.topology.passing import NAMES, passer_of
from warren.verify.flow import Flow

PLAIN = b"?\n"
# localhost A, which every resolver answers by itself (RFC 6761).
QUESTION = b"WW\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x09localhost\x00\x00\x01\x00\x01"
# A version that nobody speaks, in the size of a first packet: a server says which ones it does (RFC 9000, 6.1).
GREETING = (b"\xc3\x1a\x2a\x3a\x4a\x08verified\x08by-warre" + bytes(1200))[:1200]


def told(
    topology: Topology, flows: Iterable[Flow], hosts: frozenset[tuple[str, int]] = frozenset()
) -> tuple[Flow, ...]:
    """The flows, with those marked that reach a program of the network, or a real one of a host (see `Surroundings`).

    It does not say whom it saw.
    """
    real = {(name, Protocol.TCP, number) for name, number in hosts}
    real |= {
        (one.name, port.protocol, number)
        for one in topology.services.values()
        if one.role is not Role.DECLARED
        for port in one.ports
        for number in port.ports
    }
    numbers = {(name, number) for name, _, number in real}
    kept = (flow for flow in flows if not (flow.open and _unheard(topology, flow, real, numbers)))
    return tuple(
        replace(flow, real=True, client=None) if (flow.target, flow.protocol, flow.reached) in real else flow
        for flow in kept
    )


def _unheard(topology: Topology, flow: Flow, real: Container[object], numbers: Container[object]) -> bool:
    """What a host may send to its own services, and no program answers: the other protocol, its own questions, and what
    only a gateway may pass on.
    """
    if flow.source not in topology.hosts or (flow.target, flow.reached) not in numbers:
        return False
    if flow.target not in topology.services:
        return False  # one host's ssh, led to by another
    is_question = topology.services[flow.target].role is Role.RESOLVER and flow.protocol is Protocol.UDP
    is_passed = flow.reached in NAMES and passer_of(topology, flow.target) is not None
    return is_question or is_passed or (flow.target, flow.protocol, flow.reached) not in real


def opening(flow: Flow) -> bytes:
    """The first bytes of a conversation with the program at a port."""
    if flow.protocol is Protocol.TCP:
        return PLAIN
    return QUESTION if flow.reached == 53 else GREETING
