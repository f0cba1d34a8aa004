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
LEVELS = (DADDR, PROTO, DPORT, ODADDR, ODPORT)


@dataclass(frozen=True, slots=True)
class Claim:
    """Connections from places to `target` (an address or prefix), as they are when they begin.

    Equal claims of many places are one, so that a thousand services with the same rights are one question.
    `open` None is not judged. `sources` limits the addresses of the places. `protocol` None is every protocol.
    `becomes` is the address and first port to which the target is translated, `hidden` says that the source is
    translated too. `exit` is the host by whose uplink the packets leave; without it they end inside.
    """

    places: tuple[str, ...]
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
    spans = addresses(claim.sources, claim.version) or sources
    found = rows(space, LEVELS[:3], [(_row(space, claim), ALL)])
    found = space.both(space.spans(SADDR, spans), found) if spans else found
    return space.both(space.spans(ORIGIN, [(number, number) for number in numbers]), found)


def boxes(space: Space, claim: Claim) -> Iterator[Row]:
    """The targets of a claim as they are when they end, at `LEVELS`."""
    protocol = _row(space, claim)[1]
    if claim.becomes is None:
        yield (*_row(space, claim), _up_to(space.last[ODADDR]), _up_to(space.last[ODPORT]))
        return
    address, first = claim.becomes
    after, before = _addresses(address), _addresses(claim.target)
    for now, then in _ports(claim.ports, first):
        yield after, protocol, now, before, then


def _row(space: Space, claim: Claim) -> Row:
    return _addresses(claim.target), _protocol(claim.protocol, space.last[PROTO]), claim.ports


@cache
def _protocol(name: str | None, last: int) -> Span:
    return (NUMBERS[name],) * 2 if name else (0, last)


@cache
def _up_to(last: int) -> Span:
    return 0, last


@cache
def addresses(texts: tuple[str, ...], version: int) -> tuple[Span, ...]:
    """Prefixes of one family as few spans."""
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
