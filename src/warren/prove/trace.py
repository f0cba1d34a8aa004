"""The way of a packet in words: hops, and how it ended.

In: what the interpreter saw. Out: values that a reader or a view prints. Never decides anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from warren.prove.header import Packet


class Disposition(StrEnum):
    """How the way of a packet ends, in the words of network analysis."""

    ACCEPTED = "accepted"
    EXITS_NETWORK = "exits the network"
    DENIED = "denied by a rule"
    NO_ROUTE = "no route"
    UNREACHABLE = "unreachable by a route or routing rule"
    NOT_A_PEER = "no peer of the tunnel may have this address"
    NO_TUNNEL = "the tunnel has no other end"
    SPOOFED = "the source may not come this way"
    MARTIAN = "the kernel drops such addresses"
    NOT_FORWARDING = "the host does not forward"
    NO_NEIGHBOUR = "nobody on the link has the next address"
    NAT_FAILED = "the address cannot be translated"
    OTHER_WAY = "the answer takes another way than the question"
    LOOP = "it goes round in circles"

    @property
    def success(self) -> bool:
        """Whether the packet came to an end that somebody meant."""
        return self in (Disposition.ACCEPTED, Disposition.EXITS_NETWORK)


@dataclass(frozen=True, slots=True)
class Hop:
    """One decision: on which node, at which stage (`prerouting`, `route`, `tunnel`, ...), and what decided.

    `rule` is the rule or route in its own language where there is one, `comment` the words of the file that the rule or
    element carries, `packet` what the packet looks like afterwards.
    """

    node: str
    stage: str
    what: str
    packet: Packet
    rule: str | None = None
    comment: str | None = None

    def __str__(self) -> str:
        rule = f": {self.rule}" if self.rule else ""
        comment = f" ({self.comment})" if self.comment else ""
        return f"{self.node}: {self.stage}: {self.what}{rule}{comment}"


@dataclass(frozen=True, slots=True)
class Way:
    """One packet from end to end. `node` is where it ended, `device` the link by which it left a network it exited."""

    packet: Packet
    hops: tuple[Hop, ...]
    disposition: Disposition
    node: str
    final: Packet
    device: str | None = None

    @property
    def passed(self) -> bool:
        return self.disposition.success


@dataclass(frozen=True, slots=True)
class Trace:
    """A connection: its first packet, the answer, the next packet; later ones are None where an earlier one failed."""

    source: str
    forward: Way
    answer: Way | None = None
    later: Way | None = None

    @property
    def ways(self) -> tuple[Way, ...]:
        return tuple(way for way in (self.forward, self.answer, self.later) if way is not None)

    @property
    def disposition(self) -> Disposition:
        """How the connection ends: by the first packet of it that fails, else as its first packet does."""
        return next((way.disposition for way in self.ways if not way.passed), self.forward.disposition)

    @property
    def works(self) -> bool:
        """Whether the connection can be used in both directions."""
        return len(self.ways) == 3 and all(way.passed for way in self.ways)

    @property
    def hops(self) -> tuple[Hop, ...]:
        """All hops of all packets."""
        return tuple(hop for way in self.ways for hop in way.hops)

    def __str__(self) -> str:
        lines = []
        for name, way in zip(("question", "answer", "next"), self.ways, strict=False):
            lines.append(f"{name}: {way.packet}")
            lines.extend(f"  {hop}" for hop in way.hops)
            lines.append(f"  {way.node}: {way.disposition.name}: {way.disposition.value}")
        return "\n".join(lines) + "\n"
