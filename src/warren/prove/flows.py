"""What opens and closes between two proofs.

In: two proofs over the same space. Out: flows that are only in one of them, by the names of places. Never says less
than what changed: what has no name is shown by its addresses.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from warren.formats.nft.model import Prefix
from warren.prove.claim import End
from warren.prove.compare import ends, honest
from warren.prove.diagrams import NOTHING, Diagram, Span
from warren.prove.invariants import STRANGERS
from warren.prove.matrix import GONE, Origin, Proof
from warren.prove.outside import INTERNET
from warren.prove.packets import DADDR, DPORT, ODADDR, ODPORT, ORIGIN, PROTO, SADDR, SAME
from warren.prove.translate import LOOPBACK
from warren.prove.walk import Walk

MOST = 20_000


@dataclass(frozen=True, slots=True)
class Flow:
    """Connections of a place in one family that work, to `place` inside or out of the network by `exit`.

    `sources` are (first, last) addresses of senders outside; none means a place inside, or anybody there. `door` is the
    host whose address was asked, where that was translated. Without `targets` the whole Internet is meant.
    """

    version: int
    source: str
    protocol: Span
    ports: Span
    place: str | None = None
    exit: str | None = None
    sources: tuple[Span, ...] = ()
    targets: tuple[Span, ...] = ()
    door: str | None = None


Kids = dict[End, dict[Origin, Diagram]]
Key = tuple[End, str]


@dataclass(frozen=True, slots=True)
class Side:
    """One family of one of the proofs: what works of each place, and who has which address, of which all `numbers`."""

    proof: Proof
    walk: Walk
    kids: Kids
    holders: Mapping[int, str]
    numbers: tuple[int, ...]

    @classmethod
    def of(cls, proof: Proof, walk: Walk) -> Side:
        """What works, by end and origin."""
        nodes = proof.network.nodes.values()
        holders = {number: node.name for node in nodes for version, number in node.local if version == walk.version}
        for loopback in LOOPBACK.values():
            holders.pop(loopback, None)
        return cls(proof, walk, _kids(proof, walk), holders, tuple(sorted(holders)))

    def works(self, end: End, place: str) -> Diagram:
        """What a place may begin and is answered; inside, with whichever of its addresses."""
        space, found = self.walk.space, NOTHING
        for number in self.proof.of(place):
            origin = self.proof.origins[number]
            kid = self.kids.get(end, {}).get(origin, NOTHING)
            found = space.either(found, kid if origin.device else space.forget(kid, frozenset((SADDR,))))
        return found

    def is_outside(self, place: str) -> bool:
        """Whether packets of the place come by an uplink."""
        return any(self.proof.origins[number].device for number in self.proof.of(place))


def flows(before: Proof, after: Proof) -> tuple[tuple[Flow, ...], tuple[Flow, ...]]:
    """What opens, and what closes. What a translation opens to anybody outside is not told of places inside as well."""
    opened: list[Flow] = []
    closed: list[Flow] = []
    for version, walk in after.walks.items():
        assert before.walks[version].space is walk.space
        old, new = Side.of(before, before.walks[version]), Side.of(after, walk)
        works = [(key, old.works(*key), new.works(*key)) for key in _changed(old.kids, new.kids)]
        opened.extend(_told(new, [(key, walk.space.without(other, one)) for key, one, other in works]))
        closed.extend(_told(old, [(key, walk.space.without(one, other)) for key, one, other in works]))
    return tuple(dict.fromkeys(opened)), tuple(dict.fromkeys(closed))


def _told(side: Side, given: list[tuple[Key, Diagram]]) -> Iterator[Flow]:
    """Differences as flows: places inside that differ by the same set are worked out once."""
    common: set[object] = set()
    inside: dict[tuple[End, Diagram], list[str]] = {}
    for (end, place), headers in given:
        if not side.is_outside(place):
            inside.setdefault((end, headers), []).append(place)
            continue
        for flow in _shown(side, (end, place), headers):
            if flow.door and place == INTERNET and not flow.sources:
                common.add(_what(flow))
            yield flow
    for (end, headers), places in inside.items():
        shared = [flow for flow in _shown(side, (end, places[0]), headers) if _what(flow) not in common]
        yield from (replace(flow, source=place) for place in places for flow in shared)


def _what(flow: Flow) -> tuple[object, ...]:
    return flow.place, flow.door, flow.protocol, flow.ports


def _kids(proof: Proof, walk: Walk) -> Kids:
    space, fair = walk.space, honest(proof, walk)
    found: Kids = {}
    for end, headers in ends(proof, walk).answered.items():
        held = found.setdefault(end, {})
        for first, last, kid in space.full(ORIGIN, space.both(headers, fair)):
            for number in range(first, min(last, len(proof.origins) - 1) + 1):
                if proof.origins[number] is not GONE:
                    held[proof.origins[number]] = kid
    return found


def _changed(old: Kids, new: Kids) -> list[Key]:
    """The places of which other headers work than before: equal sets are the same number, most are."""
    found = {
        (end, origin.place) for end in {*old, *new} for origin, _ in old.get(end, {}).items() ^ new.get(end, {}).items()
    }
    return sorted(found, key=str)


def _shown(side: Side, key: Key, headers: Diagram) -> Iterator[Flow]:
    """A difference in boxes: what concerns a stranger is said of anybody, then what concerns only some."""
    if headers == NOTHING:
        return
    proof, walk = side.proof, side.walk
    (exit_, _, _), source = key
    outside = [proof.origins[number] for number in proof.of(source) if proof.origins[number].device]
    anybody = _met(walk, headers, SADDR, _stranger(proof, walk, outside[0])) if outside else NOTHING
    yield from _boxes(side, key, anybody, anybody=True)
    headers = walk.space.without(headers, walk.space.forget(anybody, frozenset((SADDR,))))
    world = _met(walk, headers, DADDR, STRANGERS[walk.version]) if exit_ else NOTHING
    yield from _boxes(side, key, world, world=True)
    headers = walk.space.without(headers, walk.space.forget(world, frozenset((DADDR,))))
    yield from _boxes(side, key, headers)


def _boxes(side: Side, key: Key, headers: Diagram, anybody: bool = False, world: bool = False) -> Iterator[Flow]:
    proof, walk = side.proof, side.walk
    (exit_, is_door, _), source = key
    outside = [proof.origins[number].node for number in proof.of(source) if proof.origins[number].device]
    for box in islice(walk.space.boxes(headers), MOST) if headers != NOTHING else ():
        target, asked = _of(walk, box, DADDR), _of(walk, box, ODADDR)
        before, at = box.get(ODPORT, (SAME, SAME)), _of(walk, box, DPORT)
        made = Flow(
            walk.version,
            source,
            _of(walk, box, PROTO),
            at if before == (SAME, SAME) else before,
            exit=exit_,
            sources=(_of(walk, box, SADDR),) if outside and not anybody else (),
            targets=(target,) if exit_ and not world else (),
            door=(outside[0] if outside else side.holders.get(asked[0])) if is_door else None,
        )
        yield from (made,) if exit_ else _inside(made, target, side)


def _inside(flow: Flow, target: Span, side: Side) -> Iterator[Flow]:
    """A flow to each place that has an address of the span."""
    near = side.numbers[bisect_left(side.numbers, target[0]) : bisect_right(side.numbers, target[1])]
    for name in dict.fromkeys(side.holders[number] for number in near):
        yield replace(flow, place=name)


def _of(walk: Walk, box: Mapping[int, Span], level: int) -> Span:
    return box.get(level, (0, walk.space.last[level]))


def _met(walk: Walk, headers: Diagram, level: int, number: int) -> Diagram:
    return walk.space.both(headers, walk.space.spans(level, [(number, number)]))


def _stranger(proof: Proof, walk: Walk, origin: Origin) -> int:
    """Somebody outside whom no rule speaks of: on a LAN, its last address but one."""
    uplink = proof.network.nodes[origin.node].devices[origin.device or ""].uplink
    near = [Prefix.of(text) for text in uplink.prefixes] if uplink else []
    return next((each.last - 1 for each in near if each.version == walk.version), STRANGERS[walk.version])
