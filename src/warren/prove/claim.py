"""What somebody says about packets, in the words of addresses.

In: claims, made from a file by whoever may read one. Out: the headers that they speak of, as diagrams. Never knows why
they were made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from warren.formats.nft.model import Prefix
from warren.prove.diagrams import ALL, Diagram, Space, Span
from warren.prove.header import NUMBERS
from warren.prove.packets import DADDR, DPORT, ODADDR, ODPORT, ORIGIN, PROTO, SADDR, SAME, Row, rows

ANY_PORT = (0, 65535)
LEVELS = (ORIGIN, SADDR, DADDR, PROTO, DPORT, ODADDR, ODPORT)


@dataclass(frozen=True, slots=True)
class Claim:
    """Connections from a place (`source`) to `target` (an address or prefix), as they are when they begin.

    `open` None is not judged. `sources` limits the addresses of the place. `protocol` None is every protocol. `becomes`
    is the address and first port to which the target is translated, `hidden` says that the source is translated too.
    `exit` is the host by whose uplink the packets leave; without it they end inside.
    """

    source: str
    target: str
    protocol: str | None = None
    ports: Span = ANY_PORT
    open: bool | None = True
    sources: tuple[str, ...] = ()
    becomes: tuple[str, int] | None = None
    hidden: bool = False
    exit: str | None = None

    @property
    def version(self) -> int:
        return 6 if ":" in self.target else 4

    @property
    def end(self) -> End:
        """Where and how the connections end: claims of different ends are about different packets."""
        return self.exit, self.becomes is not None, self.hidden


End = tuple[str | None, bool, bool]


def sent(space: Space, claim: Claim, numbers: tuple[int, ...], sources: tuple[Span, ...] = ()) -> Diagram:
    """The headers of a claim as they are when they begin; `sources` are used where the claim names none."""
    boxes = [(row[:5], ALL) for row in _boxes(space, claim, numbers, sources, _addresses(claim.target))]
    return rows(space, LEVELS[:5], boxes)


def boxes(space: Space, claim: Claim, numbers: tuple[int, ...], sources: tuple[Span, ...] = ()) -> Iterator[Row]:
    """The headers of a claim as they are when they end, at `LEVELS`."""
    if claim.becomes is None:
        yield from _boxes(space, claim, numbers, sources, _addresses(claim.target))
        return
    address, first = claim.becomes
    after, before = _addresses(address), _addresses(claim.target)
    for now, then in _ports(claim.ports, first):
        for row in _boxes(space, claim, numbers, sources, after):
            yield (*row[:4], now, before, then)


def _boxes(
    space: Space, claim: Claim, numbers: tuple[int, ...], sources: tuple[Span, ...], target: Span
) -> Iterator[Row]:
    whole = [(0, space.last[level]) for level in LEVELS]
    protocol = (NUMBERS[claim.protocol],) * 2 if claim.protocol else whole[3]
    own = _sources(claim.sources, claim.version)
    from_anywhere = (whole[1],) if not claim.sources else ()
    for number in numbers:
        for source in own or sources or from_anywhere:
            yield (number, number), source, target, protocol, claim.ports, whole[5], whole[6]


@cache
def _sources(texts: tuple[str, ...], version: int) -> tuple[Span, ...]:
    return joined(_addresses(text) for text in texts if (6 if ":" in text else 4) == version)


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same numbers in as few spans as possible."""
    found: list[Span] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)


@cache
def _addresses(text: str) -> Span:
    prefix = Prefix.of(text)
    return prefix.first, prefix.last


def _ports(before: Span, first: int) -> Iterator[tuple[Span, Span]]:
    """Ports after and before; those that stay are the same."""
    if before[0] == first:
        yield before, (SAME, SAME)
        return
    for number in range(before[1] - before[0] + 1):
        yield (first + number,) * 2, (before[0] + number,) * 2
