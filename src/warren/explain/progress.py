"""How far packets came: what was seen on each host, against the way that they should take.

In: the expected way and the lines of traces. Out: passages, and the first place at which the way breaks. Never says
why.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from warren.evidence.model import Evidence
from warren.explain.model import ANSWER, QUESTION
from warren.explain.static import Expected
from warren.formats.nft_trace import Header, TraceLine
from warren.prove.header import NUMBERS, shown
from warren.prove.trace import Way
from warren.topology.model import Topology

OUTWARD, INWARD = "outward", "inward"
LAST = re.compile(r"last_(\w+)$")
WATCH, FIRST = "warren_trace", "first_"
DEVICE = re.compile(r"\bdev (\S+)")

# How a way breaks: the packet was not seen at all, a rule ended it, it vanished between two hooks, it left by another
# link, or it arrived and was not answered.
UNSEEN, DROPPED, LOST, ASTRAY, SILENT = "unseen", "dropped", "lost", "astray", "silent"


@dataclass(slots=True)
class Passage:
    """What was seen of one direction on one host: hooks that were passed to their end, the last link out, a drop."""

    hooks: set[str] = field(default_factory=set)
    chains: set[str] = field(default_factory=set)
    oif: str = ""
    header: Header = field(default_factory=Header)
    drop: TraceLine | None = None
    packets: int = 0
    rules: list[TraceLine] = field(default_factory=list)


Passages = Mapping[tuple[str, str], Passage]


@dataclass(frozen=True, slots=True)
class Station:
    """A host on the way: the hook that packets pass last there, and the link by which they leave."""

    host: str
    hook: str
    oif: str = ""


@dataclass(frozen=True, slots=True)
class Break:
    """Where a way ends too early; `before` is the place that the packet should have come from."""

    host: str
    direction: str
    how: str
    before: str | None = None
    passage: Passage | None = None


def passages(
    evidence: Evidence, expected: Expected, tunnels: frozenset[int] = frozenset()
) -> dict[tuple[str, str], Passage]:
    """By host and direction; WireGuard's own packets, at these ports, have directions with the other end in them."""
    found: dict[tuple[str, str], Passage] = {}
    for host, lines in evidence.lines.items():
        for packet in packets_of(lines):
            head = next(line.header for line in packet if line.header)
            direction = direction_of(expected, head) or _outer(head, tunnels)
            if direction:
                _note(found.setdefault((host, direction), Passage()), packet)
    return found


def packets_of(lines: Iterable[TraceLine]) -> Iterator[list[TraceLine]]:
    """The lines of each packet that begin with what it looks like; the kernel gives an id to several in turn."""
    held: dict[str, list[TraceLine]] = {}
    for line in lines:
        if line.header and line.table.startswith(WATCH) and line.chain.startswith(FIRST) and line.id in held:
            yield held.pop(line.id)
        if line.id in held or line.header:
            held.setdefault(line.id, []).append(line)
    yield from held.values()


def direction_of(expected: Expected, head: Header) -> str | None:
    """Whether a packet belongs to a flow, as it is first seen on a host."""
    flow = expected.flow
    ports, ends = (flow.port, flow.inner_port), _ends(expected)
    if head.protocol != NUMBERS[flow.protocol] or (":" in head.source) != (flow.family == 6):
        return None
    if head.target in ends and head.dport in ports:
        return QUESTION
    return ANSWER if head.source in ends and head.sport in ports else None


def _ends(expected: Expected) -> set[str]:
    """The addresses of whom is asked, before and behind every translation."""
    way = expected.trace.forward
    return {str(expected.flow.target), *(shown(hop.packet.version, hop.packet.target) for hop in way.hops)}


def _outer(head: Header, tunnels: frozenset[int]) -> str | None:
    if head.protocol != NUMBERS["udp"] or not tunnels & {head.sport, head.dport}:
        return None
    inward = head.iif and not head.oif
    return f"{INWARD} {head.source} {head.sport}" if inward else f"{OUTWARD} {head.target} {head.dport}"


def _note(passage: Passage, packet: list[TraceLine]) -> None:
    passage.packets += 1
    for line in packet:
        if line.header:
            passage.header, passage.oif = line.header, line.header.oif or passage.oif
        if line.table.startswith(WATCH):
            if found := LAST.match(line.chain):
                passage.hooks.add(found[1])
            continue
        passage.chains.add(f"{line.table} {line.chain}")
        passage.rules.append(line)
        if line.drops and passage.drop is None:
            passage.drop = line


def stations(topology: Topology, way: Way | None) -> tuple[Station, ...]:
    """The hosts of a way in their order, each with the last hook that the packet passes."""
    if way is None:
        return ()
    found: list[Station] = []
    nodes = list(dict.fromkeys(hop.node for hop in way.hops if hop.node in topology.hosts))
    for node in nodes:
        ends = way.node == node and way.device is None
        routes = [hop.what for hop in way.hops if hop.node == node and hop.stage == "route"]
        device = DEVICE.search(routes[-1]) if routes else None
        found.append(Station(node, "input" if ends else "postrouting", device[1] if device and not ends else ""))
    return tuple(found)


def next_host(topology: Topology, expected: Expected, stop: Break) -> str | None:
    """The host that a packet should have come to after the one where it ended."""
    way = expected.trace.answer if stop.direction == ANSWER else expected.trace.forward
    names = [station.host for station in stations(topology, way)]
    following = names[names.index(stop.host) + 1 :] if stop.host in names else []
    return next(iter(following), None)


def broken(topology: Topology, expected: Expected, evidence: Evidence, seen: Passages) -> Break | None:
    """The first place at which question or answer ended too early; None where all was seen, or nobody watched."""
    asked = stations(topology, expected.trace.forward)
    if found := _first_break(asked, QUESTION, evidence, seen, _start(expected)):
        return found
    answers = stations(topology, expected.trace.answer)
    found = _first_break(answers, ANSWER, evidence, seen, expected.trace.forward.node)
    inside = expected.trace.forward.device is None
    if found and inside and found.how == UNSEEN and answers and found.host == answers[0].host:
        return Break(found.host, ANSWER, SILENT, expected.trace.forward.node)
    return found


def _start(expected: Expected) -> str:
    return expected.flow.place


def _first_break(
    way: Iterable[Station], direction: str, evidence: Evidence, seen: Passages, before: str
) -> Break | None:
    for station in way:
        if station.host not in evidence.traced:
            before = station.host
            continue
        passage = seen.get((station.host, direction))
        if passage is None:
            return Break(station.host, direction, UNSEEN, before)
        if passage.drop is not None:
            return Break(station.host, direction, DROPPED, before, passage)
        if station.hook not in passage.hooks:
            return Break(station.host, direction, LOST, before, passage)
        # What is sent to an uplink may have another name there than the file lets us suppose.
        ours = station.oif.startswith(("v-", "wrn-")) or passage.oif.startswith(("v-", "wrn-"))
        if ours and station.oif and passage.oif != station.oif:
            return Break(station.host, direction, ASTRAY, before, passage)
        before = station.host
    return None
