"""One connection, packet by packet: the first packet, its answer, and the next packet.

In: a network and a packet at a place. Out: a trace that says at every hop what decided. Never uses an index or a short
cut: it is slow on purpose, and the fast proof is checked against it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from warren.desired.model import HostState
from warren.prove.connection import Conntrack
from warren.prove.header import Packet
from warren.prove.host import Passing
from warren.prove.network import Network, network
from warren.prove.outside import Outside
from warren.prove.trace import Disposition, Hop, Trace, Way
from warren.prove.tunnels import Tunnels, tunnels

MOST_NODES = 16


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A network, ready to be asked about packets."""

    network: Network
    tunnels: Tunnels

    @classmethod
    def of(cls, network: Network) -> Interpreter:
        return cls(network, tunnels(network))

    def trace(self, source: str, packet: Packet, device: str | None = None) -> Trace:
        """A connection from a node; with `device`, from the outside by that device of the node."""
        conntrack = Conntrack()
        forward = self._way(source, packet, device, conntrack)
        if not forward.passed:
            return Trace(source, forward)
        answer = self._way(forward.node, forward.final.answer(), forward.device, conntrack)
        answer = _judged(answer, source, device, packet)
        if not answer.passed:
            return Trace(source, forward, answer)
        later = self._way(source, packet.later(), device, conntrack)
        return Trace(source, forward, answer, _same_end(later, forward))

    def _way(self, start: str, packet: Packet, device: str | None, conntrack: Conntrack) -> Way:
        """One packet: out of a node, or into it from the outside by `device`."""
        hops: list[Hop] = []
        node, iif, moving = self.network.nodes[start], device, packet
        for _ in range(MOST_NODES):
            passing = Passing(self.network, self.tunnels, node, conntrack, hops)
            ended = passing.receive(moving, iif) if iif else passing.send(moving)
            if ended.next is None:
                return Way(packet, tuple(hops), ended.disposition, node.name, ended.packet, ended.device)
            node, iif, moving = self.network.nodes[ended.next[0]], ended.next[1], ended.packet
        return Way(packet, tuple(hops), Disposition.LOOP, node.name, moving)


def _judged(answer: Way, source: str, device: str | None, asked: Packet) -> Way:
    """An answer that ends elsewhere, or with other addresses than were asked, is none."""
    home = answer.node == source and answer.device == device
    if answer.passed and (not home or answer.final.ends != asked.answer().ends):
        return Way(answer.packet, answer.hops, Disposition.OTHER_WAY, answer.node, answer.final, answer.device)
    return answer


def _same_end(later: Way, first: Way) -> Way:
    if later.passed and (later.node, later.device, later.final.ends) != (first.node, first.device, first.final.ends):
        return Way(later.packet, later.hops, Disposition.OTHER_WAY, later.node, later.final, later.device)
    return later


def trace(
    states: Mapping[str, HostState], outside: Outside, source: str, packet: Packet, device: str | None = None
) -> Trace:
    """A connection through hosts in these states; `device` says by which uplink of `source` it comes from outside."""
    return Interpreter.of(network(states, outside)).trace(source, packet, device)
