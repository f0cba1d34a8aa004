"""What one place reaches, as a list for people and views.

In: a proof and the name of a place. Out: boxes of what it may ask for, where each arrives, and whether it is answered.
Never leaves anything out: what is not listed does not arrive.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from warren.prove.compare import ends
from warren.prove.diagrams import Diagram, Span
from warren.prove.header import NAMES, shown
from warren.prove.matrix import Proof
from warren.prove.packets import DADDR, DPORT, ODADDR, ODPORT, ORIGIN, PROTO, SADDR, SAME
from warren.prove.translate import LOOPBACK
from warren.prove.walk import Walk

ALL_PORTS = (0, 65535)


@dataclass(frozen=True, slots=True)
class Reached:
    """Connections to `targets` by `protocols` and `ports`, as they are when they begin.

    They arrive at `place` (a service or host) with address `arrives` and ports `at`, or leave the network by the host
    `exit`. Spans are (first, last).
    """

    version: int
    targets: Span
    protocols: Span
    ports: Span
    sources: Span
    answered: bool
    place: str | None
    exit: str | None
    arrives: Span
    at: Span

    def __str__(self) -> str:
        first, last = (shown(self.version, number) for number in self.targets)
        span = first if first == last else f"{first}-{last}"
        protocol = NAMES.get(self.protocols[0], str(self.protocols[0]))
        words = protocol if self.protocols[0] == self.protocols[1] else "any protocol"
        ports = "" if self.ports == ALL_PORTS else f" {'-'.join(dict.fromkeys(map(str, self.ports)))}"
        return f"{span} {words}{ports} -> {self.place or f'out by {self.exit}'}"


def reach(proof: Proof, source: str) -> tuple[Reached, ...]:
    """Everything that a place reaches."""
    return tuple(each for walk in proof.walks.values() for each in _of_family(proof, walk, source))


def _of_family(proof: Proof, walk: Walk, source: str) -> Iterator[Reached]:
    space = walk.space
    mine = space.spans(ORIGIN, [(number, number) for number in proof.of(source)])
    loopback = {(4, LOOPBACK[4]), (6, LOOPBACK[6])}
    holders = {place: node.name for node in proof.network.nodes.values() for place in node.local - loopback}
    ended = ends(proof, walk)
    for end, headers in sorted(ended.arrived.items(), key=str):
        headers = space.both(headers, mine)
        good = space.both(headers, ended.answered.get(end, 0))
        for part, works in ((good, True), (space.without(headers, good), False)):
            yield from _boxes(walk, part, works, end[0], holders)


def _boxes(
    walk: Walk, headers: Diagram, works: bool, exit_: str | None, holders: dict[tuple[int, int], str]
) -> Iterator[Reached]:
    space, version = walk.space, walk.version
    for box in space.boxes(headers):
        whole = {level: (0, space.last[level]) for level in (SADDR, DADDR, PROTO, DPORT)}
        arrives, at = box.get(DADDR, whole[DADDR]), box.get(DPORT, whole[DPORT])
        before = box.get(ODPORT, (SAME, SAME))
        ports = at if before == (SAME, SAME) else before
        place = None if exit_ else holders.get((version, arrives[0]))
        protocols, sources = box.get(PROTO, whole[PROTO]), box.get(SADDR, whole[SADDR])
        targets = box.get(ODADDR, arrives)
        yield Reached(version, targets, protocols, ports, sources, works, place, exit_, arrives, at)
