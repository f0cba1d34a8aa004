"""Sets of headers: which levels a diagram of packets has, and how a member looks.

In: a family. Out: a space of diagrams, names for its levels, examples and boxes in words. Never mixes families.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from warren.prove.diagrams import Diagram, Edge, Space, Span
from warren.prove.header import CLIENT_PORT, NAMES, TCP, UDP, Packet, opening, shown

# What a packet says now, where it began (a number given to each place), and before which translation it said something
# else: O is for original. Sources come first, because most sets differ only there and share what is below.
ORIGIN, OSADDR, SADDR, DADDR, PROTO, DPORT, ODADDR, ODPORT, SPORT, OSPORT = range(10)
LEVELS = 10
# In ODPORT: the port is what it was.
SAME = 65536
BITS = {4: 32, 6: 128}
PORTED = (TCP, UDP)
Row = tuple[Span, ...]


def space(version: int) -> Space:
    """A space for one family."""
    address = (1 << BITS[version]) - 1
    return Space((1 << 24, address, address, address, 255, 65535, address, SAME, 65535, 65535))


@dataclass(frozen=True, slots=True)
class Roles:
    """Which level a header field is: an answer's source is the question's target."""

    source: int
    target: int
    sport: int
    dport: int

    @property
    def is_answer(self) -> bool:
        return self.source == DADDR


QUESTION = Roles(SADDR, DADDR, SPORT, DPORT)
ANSWER = Roles(DADDR, SADDR, DPORT, SPORT)


def rows(space: Space, levels: Sequence[int], given: Sequence[tuple[Row, Diagram]], at: int = 0) -> Diagram:
    """The union of boxes: each a span for every level of `levels`, in order, and a diagram of what is below."""
    if len(given) == 1:
        return _box(space, levels, *given[0], at)
    if at == len(levels) or not given:
        return space.union(below for _, below in given)
    grouped: dict[Span, list[tuple[Row, Diagram]]] = {}
    for row in given:
        grouped.setdefault(row[0][at], []).append(row)
    if len(grouped) > 1:
        return _split(space, levels, grouped, at)
    ((first, last),) = grouped
    return space.single(levels[at], first, last, rows(space, levels, given, at + 1))


def _box(space: Space, levels: Sequence[int], row: Row, below: Diagram, at: int) -> Diagram:
    for place in range(len(levels) - 1, at - 1, -1):
        below = space.single(levels[place], *row[place], below)
    return below


def _split(space: Space, levels: Sequence[int], grouped: dict[Span, list[tuple[Row, Diagram]]], at: int) -> Diagram:
    """One edge for each span; where spans overlap, they are united afterwards."""
    edges: list[Edge] = []
    others: list[Diagram] = []
    for span in sorted(grouped):
        below = rows(space, levels, grouped[span], at + 1)
        if edges and span[0] <= edges[-1][1]:
            others.append(space.node(levels[at], [(*span, below)]))
        else:
            edges.append((*span, below))
    return space.union([space.node(levels[at], edges), *others])


def example(space: Space, version: int, diagram: Diagram) -> Packet | None:
    """A packet of the set, at its most ordinary: TCP, a client's port, where the set leaves a choice."""
    wishes = (
        {PROTO: (TCP,) * 2}, {PROTO: (UDP,) * 2}, {SPORT: (CLIENT_PORT,) * 2}, {DPORT: (1, 65535)},
        {SADDR: (1 << 8, (1 << BITS[version]) - 2)},
    )  # fmt: skip
    for wish in wishes:
        ((level, span),) = wish.items()
        narrower = space.both(diagram, space.spans(level, [span]))
        diagram = narrower or diagram
    found = space.pick(diagram)
    if found is None:
        return None
    source, target = found.get(SADDR, 1 << 24), found.get(DADDR, 1 << 24)
    protocol = found.get(PROTO, TCP)
    return opening(version, source, target, protocol, found.get(SPORT, CLIENT_PORT), found.get(DPORT, 9))


def values(packet: Packet, origin: int = 0) -> tuple[int, ...]:
    """A packet at every level, as if nothing had been translated."""
    return (
        origin, packet.source, packet.source, packet.target, packet.protocol, packet.dport, packet.target, SAME,
        packet.sport, packet.sport,
    )  # fmt: skip


def words(version: int, box: dict[int, Span]) -> str:
    """A box as people read it: from, to, protocol, ports."""
    places = [
        f"{word} {_addresses(version, box[level])}" for word, level in (("from", SADDR), ("to", DADDR)) if level in box
    ]
    protocol = [_protocols(box[PROTO])] if PROTO in box else []
    ports = [f"port {_numbers(box[DPORT])}"] if DPORT in box else []
    return " ".join([*places, *protocol, *ports]) or "everything"


def _addresses(version: int, span: Span) -> str:
    first, last = (shown(version, number) for number in span)
    return first if first == last else f"{first}-{last}"


def _protocols(span: Span) -> str:
    return NAMES.get(span[0], str(span[0])) if span[0] == span[1] else f"protocols {span[0]}-{span[1]}"


def _numbers(span: Span) -> str:
    return str(span[0]) if span[0] == span[1] else f"{span[0]}-{span[1]}"


def exchanged(space: Space, diagram: Diagram, memo: dict[Diagram, Diagram]) -> Diagram:
    """The same connections with translated and original target exchanged: what an answer says after translation."""
    if diagram <= 1 or space.level[diagram] < DADDR:
        found = memo.get(diagram)
        if found is None:
            edges = [(first, last, exchanged(space, kid, memo)) for first, last, kid in space.edges[diagram]]
            found = space.node(space.level[diagram], edges) if diagram > 1 else diagram
            memo[diagram] = found
        return found
    if diagram not in memo:
        memo[diagram] = _exchanged_targets(space, diagram)
    return memo[diagram]


def _exchanged_targets(space: Space, diagram: Diagram) -> Diagram:
    found: list[tuple[Row, Diagram]] = []
    levels = (DADDR, PROTO, DPORT, ODADDR, ODPORT)
    for row, below in paths(space, diagram, levels):
        target, protocol, port, before, port_before = row
        port, port_before = (port, port_before) if port_before == (SAME, SAME) else (port_before, port)
        found.append(((before, protocol, port, target, port_before), below))
    return rows(space, levels, found)


def paths(space: Space, diagram: Diagram, levels: Sequence[int], at: int = 0) -> list[tuple[Row, Diagram]]:
    """Every way through these neighbouring levels, with the diagram below them."""
    if at == len(levels):
        return [((), diagram)]
    found: list[tuple[Row, Diagram]] = []
    for first, last, kid in space.full(levels[at], diagram):
        for row, below in paths(space, kid, levels, at + 1):
            found.append((((first, last), *row), below))
    return found


def exchanged_sources(space: Space, diagram: Diagram, ports: bool, memo: dict[Diagram, Diagram]) -> Diagram:
    """The same for the source; `ports` tells whether its port was translated as well."""
    if diagram in memo:
        return memo[diagram]
    if diagram > 1 and space.level[diagram] < OSADDR:
        edges = [(first, last, exchanged_sources(space, kid, ports, memo)) for first, last, kid in space.edges[diagram]]
        found = space.node(space.level[diagram], edges)
    else:
        levels = (OSADDR, SADDR)
        swapped = [
            ((after, before), exchanged_ports(space, below, memo) if ports else below)
            for (before, after), below in paths(space, diagram, levels)
        ]
        found = rows(space, levels, swapped)
    memo[diagram] = found
    return found


def exchanged_ports(space: Space, diagram: Diagram, memo: dict[Diagram, Diagram]) -> Diagram:
    """Source ports before and after translation exchanged."""
    key = -diagram
    if key not in memo:
        if diagram > 1 and space.level[diagram] < SPORT:
            edges = [(first, last, exchanged_ports(space, kid, memo)) for first, last, kid in space.edges[diagram]]
            memo[key] = space.node(space.level[diagram], edges)
        else:
            levels = (SPORT, OSPORT)
            swapped = [((before, after), below) for (after, before), below in paths(space, diagram, levels)]
            memo[key] = rows(space, levels, swapped)
    return memo[key]


def is_ported(space: Space) -> Diagram:
    """TCP and UDP."""
    return space.spans(PROTO, [(each, each) for each in PORTED])
