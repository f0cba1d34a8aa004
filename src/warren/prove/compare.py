"""Declared and proved: where they differ, with a packet to show it.

In: a proof and claims. Out: differences, each with an example. Never explains one away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from warren.prove import packets
from warren.prove.claim import LEVELS, Claim, End, addresses, boxes, sent
from warren.prove.diagrams import ALL, NOTHING, Diagram, Space, Span
from warren.prove.header import ICMP, ICMP6, Packet, opening
from warren.prove.matrix import GONE, Origin, Proof, Proved
from warren.prove.network import Node
from warren.prove.packets import DADDR, DPORT, ODADDR, ODPORT, ORIGIN, OSADDR, OSPORT, SAME, SPORT, rows
from warren.prove.policy import prefix_of
from warren.prove.routing import MARTIAN_SOURCES
from warren.prove.trace import Trace
from warren.prove.walk import Walk, own_spans

SOURCE_PORTS = frozenset((OSADDR, SPORT, OSPORT))


class Kind(StrEnum):
    """In which way the proof differs from what was declared."""

    OPENED = "reachable, but not declared"
    CLOSED = "declared, but not reachable"


@dataclass(frozen=True, slots=True)
class Difference:
    """`packet` is an example, as it begins at `origin`; `exit` is the host by whose uplink it leaves, or should."""

    kind: Kind
    origin: Origin
    packet: Packet
    exit: str | None
    claim: Claim | None = None

    def trace(self, proof: Proof) -> Trace:
        """What becomes of the example, hop by hop."""
        return proof.interpreter.trace(self.origin.node, self.packet, self.origin.device)

    def __str__(self) -> str:
        return f"{self.origin.place}: {self.packet}: {self.kind.value}"


def compare(proof: Proof, claims: Iterable[Claim], ended: Mapping[int, Ends] | None = None) -> tuple[Difference, ...]:
    """Everything that is reachable and not declared, or declared and not reachable: one example a place and end.

    Whether ICMP is answered is not asked: what a message means to the other end is not known here.
    """
    given = tuple(claims)
    found: list[Difference] = []
    for version, walk in proof.walks.items():
        mine = [claim for claim in given if claim.version == version]
        found.extend(_of_family(proof, walk, mine, ended[version] if ended else ends(proof, walk)))
    return tuple(found)


def _of_family(proof: Proof, walk: Walk, claims: list[Claim], ended: Ends) -> Iterator[Difference]:
    space = walk.space
    arrived, answered = ended.arrived, ended.answered
    declared = _declared(proof, walk, claims)
    messages = space.spans(packets.PROTO, [(ICMP, ICMP), (ICMP6, ICMP6)])
    for end in sorted({*arrived, *declared.widest}, key=str):
        ignored = declared.unjudged.get(end, NOTHING)
        more = space.without(arrived.get(end, NOTHING), space.either(declared.widest.get(end, NOTHING), ignored))
        less = space.without(space.without(declared.least.get(end, NOTHING), answered.get(end, NOTHING)), ignored)
        for kind, headers in ((Kind.OPENED, more), (Kind.CLOSED, space.without(less, messages))):
            for origin, example in examples(proof, walk, headers):
                yield Difference(kind, origin, example, end[0])


@dataclass(frozen=True, slots=True)
class Ends:
    """What arrives and what is answered, by end, with the source as it was at the beginning."""

    arrived: Mapping[End, Diagram]
    answered: Mapping[End, Diagram]


def ends(proof: Proof, walk: Walk) -> Ends:
    """All arrivals of a family, joined by their ends."""
    # All of a start have one bound: it tells each place apart, so what they share is joined before.
    arrived: dict[tuple[End, Diagram], list[Diagram]] = {}
    answered: dict[tuple[End, Diagram], list[Diagram]] = {}
    for each in proof.proved:
        if each.version == walk.version:
            key = _end(each), each.start.bound
            arrived.setdefault(key, []).append(_ended(walk, each, each.arrival.headers))
            answered.setdefault(key, []).append(_ended(walk, each, each.answered))
    return Ends(_bound(walk.space, arrived), _bound(walk.space, answered))


def _bound(space: Space, found: Mapping[tuple[End, Diagram], list[Diagram]]) -> dict[End, Diagram]:
    joined: dict[End, list[Diagram]] = {}
    for (end, bound), held in found.items():
        joined.setdefault(end, []).append(space.both(space.union(held), bound))
    return {end: space.union(held) for end, held in joined.items()}


def all_ends(proof: Proof) -> dict[int, Ends]:
    """The ends of both families."""
    return {version: ends(proof, walk) for version, walk in proof.walks.items()}


def _end(each: Proved) -> End:
    legs = each.arrival.legs
    return each.exit, any(leg.naming.target for leg in legs), any(leg.naming.source for leg in legs)


def _ended(walk: Walk, each: Proved, headers: Diagram) -> Diagram:
    for leg in each.arrival.legs:
        if leg.naming.source:
            headers = walk.crossing.names.exchanged_sources(headers, leg.naming.ports)
    return walk.space.forget(headers, SOURCE_PORTS)


Groups: TypeAlias = "dict[tuple[tuple[int, ...], tuple[str, ...]], list[packets.Row]]"


@dataclass(frozen=True, slots=True)
class Declared:
    """What claims allow at most, what they promise at least, and what they do not judge; by end."""

    widest: Mapping[End, Diagram]
    least: Mapping[End, Diagram]
    unjudged: Mapping[End, Diagram]


def _declared(proof: Proof, walk: Walk, claims: Iterable[Claim]) -> Declared:
    """All claims of a family. At least means: from the addresses that the place really has."""
    wanted: dict[End, Groups] = {}
    ignored: dict[End, Groups] = {}
    for claim in claims:
        if claim.open is not False:
            groups = (wanted if claim.open else ignored).setdefault(claim.end, {})
            groups.setdefault((places(proof, claim), claim.sources), []).extend(boxes(walk.space, claim))
    kept = honest(proof, walk)
    least = {end: walk.space.both(_joined(proof, walk, held, end), kept) for end, held in wanted.items()}
    return Declared(_all_joined(proof, walk, wanted), least, _all_joined(proof, walk, ignored))


def _all_joined(proof: Proof, walk: Walk, found: Mapping[End, Groups]) -> dict[End, Diagram]:
    return {end: _joined(proof, walk, groups, None) for end, groups in found.items()}


def _joined(proof: Proof, walk: Walk, groups: Groups, own: End | None) -> Diagram:
    """All groups as one set; with an end only from the places' own sources, where the claims name none."""
    space, found = walk.space, dict[int, Diagram]()
    for (numbers, texts), given in groups.items():
        told = rows(space, LEVELS, [(row, ALL) for row in dict.fromkeys(given)])
        if texts:
            told = space.both(space.spans(packets.SADDR, addresses(texts, walk.version)), told)
        for number in numbers:
            mine = told
            if own is not None:
                spans = sources(proof, walk, number, own[0] is not None)
                mine = space.both(space.spans(packets.SADDR, spans), told) if not texts else told if spans else NOTHING
            found[number] = space.either(found.get(number, NOTHING), mine)
    return space.node(ORIGIN, [(number, number, found[number]) for number in sorted(found)])


def honest(proof: Proof, walk: Walk) -> Diagram:
    """From outside, only what an honest sender can send: an address of the link, but none of the host itself."""
    space, version = walk.space, walk.version
    impossible = NOTHING
    for number, origin in enumerate(proof.origins):
        if origin.device is not None:
            node = proof.network.nodes[origin.node]
            own = [(n, n) for of, n in node.local if of == version]
            martian = [(each.first, each.last) for each in MARTIAN_SOURCES[version]]
            near = [prefix_span(text) for text in _uplink_prefixes(node, origin.device) if _is(text, version)]
            bad = space.spans(packets.SADDR, [*own, *martian])
            if _uplink_prefixes(node, origin.device):
                bad = space.either(bad, space.without(ALL, space.spans(packets.SADDR, near)))
            impossible = space.either(impossible, space.both(space.spans(ORIGIN, [(number,) * 2]), bad))
    return space.without(ALL, impossible)


def _uplink_prefixes(node: Node, device: str) -> tuple[str, ...]:
    uplink = node.devices[device].uplink
    return uplink.prefixes if uplink else ()


def places(proof: Proof, claim: Claim) -> tuple[int, ...]:
    """The numbers of a claim's places; from outside, the uplinks of the host that has the target, where one has it."""
    numbers = proof.all_of(claim.places)
    if not numbers or not proof.origins[numbers[0]].device or not prefix_of(claim.target).single:
        return numbers
    target = (claim.version, prefix_span(claim.target)[0])
    mine = tuple(n for n in numbers if target in proof.network.nodes[proof.origins[n].node].local)
    return mine or numbers


def sources(proof: Proof, walk: Walk, number: int, leaves: bool) -> tuple[Span, ...]:
    """The addresses with which a place begins connections, which leave the network or stay in it."""
    origin = proof.origins[number]
    node = proof.network.nodes[origin.node]
    if origin.device is not None:
        near = [prefix_span(text) for text in _uplink_prefixes(node, origin.device) if _is(text, walk.version)]
        return tuple(near) or ((0, walk.space.last[packets.SADDR]),)
    if not node.is_host:
        return tuple(own_spans(node, walk.version))
    leaving = {device.name for device in node.devices.values() if device.uplink}
    return tuple(
        (n, n)
        for device in node.devices.values()
        if (device.name in leaving) == leaves
        for version, n in device.addresses
        if version == walk.version
    )


def prefix_span(text: str) -> Span:
    """First and last address of a prefix."""
    prefix = prefix_of(text)
    return prefix.first, prefix.last


def _is(text: str, version: int) -> bool:
    return prefix_of(text).version == version


def examples(proof: Proof, walk: Walk, headers: Diagram) -> Iterator[tuple[Origin, Packet]]:
    """One packet for each place of a set, as it begins."""
    space = walk.space
    if headers == NOTHING:
        return
    for first, last, below in space.full(ORIGIN, headers):
        for number in range(first, min(last, len(proof.origins) - 1) + 1):
            found = packets.example(space, walk.version, below)
            if found is not None and proof.origins[number] is not GONE:
                yield proof.origins[number], _begun(space, walk.version, below, found)


def _begun(space: Space, version: int, headers: Diagram, found: Packet) -> Packet:
    """The packet before its target was translated, if it was."""
    for level, number in ((packets.SADDR, found.source), (DADDR, found.target), (DPORT, found.dport)):
        headers = space.both(headers, space.spans(level, [(number, number)])) or headers
    if ODADDR not in (space.pick(headers) or {}):
        return found
    # Before a translation the target may have been a loopback address as well, which nobody sends over a link.
    sendable = space.spans(ODADDR, [(1 << 24, (127 << 24) - 1), (128 << 24, space.last[ODADDR])])
    picked = space.pick(space.both(headers, sendable) or headers) or {}
    port = picked.get(ODPORT, SAME)
    dport = found.dport if port == SAME else port
    return opening(version, found.source, picked[ODADDR], found.protocol, found.sport, dport)


def check(proof: Proof, claim: Claim) -> Difference | None:
    """Whether one claim holds, whatever way its packets take: an open one for all of them, a closed one for none."""
    walk = proof.walks[claim.version]
    space = walk.space
    arrived, answered = NOTHING, NOTHING
    for each in proof.proved:
        if each.version == claim.version:
            arrived = space.either(arrived, _begins(walk, each, each.arrival.headers))
            answered = space.either(answered, _begins(walk, each, each.answered))
    for number in places(proof, claim):
        headers = sent(space, claim, (number,), sources(proof, walk, number, claim.exit is not None))
        headers = space.both(headers, honest(proof, walk))
        wrong = space.without(headers, answered) if claim.open else space.both(headers, arrived)
        kind = Kind.CLOSED if claim.open else Kind.OPENED
        for origin, example in examples(proof, walk, wrong):
            return Difference(kind, origin, example, None, claim)
    return None


def _begins(walk: Walk, each: Proved, headers: Diagram) -> Diagram:
    return walk.space.forget(walk.sent(each.start, each.arrival, headers), SOURCE_PORTS)
