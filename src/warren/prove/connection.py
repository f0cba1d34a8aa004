"""What connection tracking remembers on each node.

In: packets. Out: to which connection each belongs, in which direction, and how its addresses are translated. Never
outlives one trace.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TypeAlias

from warren.prove.header import ICMP, ICMP6, SYN, TCP, Packet

Ends: TypeAlias = tuple[int, int, int, int, int]
# Where other protocols have ports, these have a type, which no translation changes.
PORTLESS = (ICMP, ICMP6)


@dataclass(slots=True)
class Connection:
    """One entry: what the question looks like before any translation, and the answer before its own.

    `bound` says of which kinds of translation (dnat, snat) it is decided whether there is one.
    """

    original: Ends
    reply: Ends
    mark: int = 0
    status: frozenset[str] = frozenset()
    answered: bool = False
    bound: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Tracked:
    """A packet's place in its connection; `state` as nft names it."""

    connection: Connection | None
    direction: str
    state: str

    @property
    def mark(self) -> int:
        return self.connection.mark if self.connection else 0

    @property
    def status(self) -> frozenset[str]:
        return self.connection.status if self.connection else frozenset()

    def binds(self, kind: str) -> bool:
        """Whether chains of this kind of translation see the packet: only the first packet, and once."""
        if self.connection is None or self.direction == "reply" or kind in self.connection.bound:
            return False
        self.connection.bound |= {kind}
        return True

    def target(self, packet: Packet) -> Packet:
        """The packet with the target that the entry says (before routing)."""
        if self.connection is None:
            return packet
        ends = self.connection.reply if self.direction == "original" else self.connection.original
        return replace(packet, target=ends[0], dport=packet.dport if packet.protocol in PORTLESS else ends[3])

    def source(self, packet: Packet) -> Packet:
        """The packet with the source that the entry says (after routing)."""
        if self.connection is None:
            return packet
        ends = self.connection.reply if self.direction == "original" else self.connection.original
        return replace(packet, source=ends[1], sport=packet.sport if packet.protocol in PORTLESS else ends[4])


@dataclass(slots=True)
class Conntrack:
    """The entries of all nodes for the time of one trace."""

    entries: dict[tuple[str, Ends], tuple[Connection, str]] = field(default_factory=dict)

    def track(self, node: str, packet: Packet) -> Tracked:
        """The entry of a packet, made if there is none."""
        found = self.entries.get((node, packet.ends))
        if found is None:
            return self._begin(node, packet)
        connection, direction = found
        if direction == "reply":
            connection.answered = True
        return Tracked(connection, direction, "established" if connection.answered else "new")

    def _begin(self, node: str, packet: Packet) -> Tracked:
        # A TCP answer without its question belongs to nothing (nf_conntrack_proto_tcp.c).
        if packet.protocol == TCP and packet.flags > SYN:
            return Tracked(None, "original", "invalid")
        connection = Connection(packet.ends, packet.answer().ends)
        self.entries[node, packet.ends] = (connection, "original")
        self.entries.setdefault((node, connection.reply), (connection, "reply"))
        return Tracked(connection, "original", "new")

    def translate(self, node: str, connection: Connection, packet: Packet, kind: str) -> None:
        """Remember that the connection now looks like this packet; `kind` is dnat or snat."""
        reply = packet.answer().ends
        if reply == connection.reply:
            return
        self.entries.pop((node, connection.reply), None)
        connection.reply, connection.status = reply, connection.status | {kind}
        self.entries[node, reply] = (connection, "reply")
