"""What opens and closes between two proofs.

In: two proofs over the same space. Out: flows that are only in one of them, by the names of places. Never says less
than what changed: what has no name is shown by its addresses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from warren.formats.nft.model import Prefix
from warren.prove.claim import End
from warren.prove.compare import ends, honest
from warren.prove.diagrams import NOTHING, Diagram, Span
from warren.prove.invariants import STRANGERS
from warren.prove.matrix import GONE, Origin, Proof
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


Answered = Mapping[tuple[str, End], Diagram]


def flows(before: Proof, after: Proof) -> tuple[tuple[Flow, ...], tuple[Flow, ...]]:
    """What opens, and what closes."""
    opened: list[Flow] = []
    closed: list[Flow] = []
    for version, walk in after.walks.items():
        old, new = before.walks[version], walk
        assert old.space is new.space
        earlier, later = _answered(before, old), _answered(after, new)
        for key in sorted({*earlier, *later}, key=str):
            one, other = earlier.get(key, NOTHING), later.get(key, NOTHING)
            opened.extend(_shown(after, new, key, walk.space.without(other, one)))
            closed.extend(_shown(before, old, key, walk.space.without(one, other)))
    return tuple(dict.fromkeys(opened)), tuple(dict.fromkeys(closed))


def _answered(proof: Proof, walk: Walk) -> Answered:
    """What works, by place and end."""
    space, fair = walk.space, honest(proof, walk)
    found: dict[tuple[str, End], Diagram] = {}
    for end, headers in ends(proof, walk).answered.items():
        for first, last, kid in space.full(ORIGIN, space.both(headers, fair)):
            for number in range(first, min(last, len(proof.origins) - 1) + 1):
                origin = proof.origins[number]
                if origin is GONE:
                    continue
                kept = kid if origin.device else space.forget(kid, frozenset((SADDR,)))
                key = (origin.place, end)
                found[key] = space.either(found.get(key, NOTHING), kept)
    return found


def _shown(proof: Proof, walk: Walk, key: tuple[str, End], headers: Diagram) -> Iterator[Flow]:
    """A difference in boxes: what concerns a stranger is said of anybody, then what concerns only some."""
    source, (exit_, _, _) = key
    outside = [proof.origins[number] for number in proof.of(source) if proof.origins[number].device]
    anybody = _met(walk, headers, SADDR, _stranger(proof, walk, outside[0])) if outside else NOTHING
    yield from _boxes(proof, walk, key, anybody, anybody=True)
    headers = walk.space.without(headers, walk.space.forget(anybody, frozenset((SADDR,))))
    world = _met(walk, headers, DADDR, STRANGERS[walk.version]) if exit_ else NOTHING
    yield from _boxes(proof, walk, key, world, world=True)
    headers = walk.space.without(headers, walk.space.forget(world, frozenset((DADDR,))))
    yield from _boxes(proof, walk, key, headers)


def _boxes(
    proof: Proof, walk: Walk, key: tuple[str, End], headers: Diagram, anybody: bool = False, world: bool = False
) -> Iterator[Flow]:
    source, (exit_, is_door, _) = key
    outside = [proof.origins[number].node for number in proof.of(source) if proof.origins[number].device]
    holders = {n: node.name for node in proof.network.nodes.values() for v, n in node.local if v == walk.version}
    holders = {number: name for number, name in holders.items() if number not in LOOPBACK.values()}
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
            door=(outside[0] if outside else holders.get(asked[0])) if is_door else None,
        )
        yield from (made,) if exit_ else _inside(made, target, holders)


def _inside(flow: Flow, target: Span, holders: Mapping[int, str]) -> Iterator[Flow]:
    """A flow to each place that has an address of the span."""
    here = dict.fromkeys(name for number, name in holders.items() if target[0] <= number <= target[1])
    yield from (replace(flow, place=name) for name in here)


def _of(walk: Walk, box: Mapping[int, Span], level: int) -> Span:
    return box.get(level, (0, walk.space.last[level]))


def _met(walk: Walk, headers: Diagram, level: int, number: int) -> Diagram:
    return walk.space.both(headers, walk.space.spans(level, [(number, number)]))


def _stranger(proof: Proof, walk: Walk, origin: Origin) -> int:
    """Somebody outside whom no rule speaks of: on a LAN, its last address but one."""
    uplink = proof.network.nodes[origin.node].devices[origin.device or ""].uplink
    near = [Prefix.of(text) for text in uplink.prefixes] if uplink else []
    return next((each.last - 1 for each in near if each.version == walk.version), STRANGERS[walk.version])
