"""Packets of a live connection in words: what each host did with each.

In: lines of traces, and the way that the packets should take. Out: one step for each packet and host. Never judges
whether it should have been so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from warren.explain.model import Hop, Kind
from warren.explain.origin import Origin, sets
from warren.explain.progress import LAST, WATCH, direction_of, packets_of
from warren.explain.static import Expected
from warren.explain.words import ALLOWED, CHAINS, DENIED, reached
from warren.formats.nft_trace import Header, TraceLine


@dataclass(frozen=True, slots=True)
class Step:
    """One packet on one host: as it came, as it left, and what happened between."""

    host: str
    direction: str
    came: Header
    left: Header
    hops: tuple[Hop, ...]

    @property
    def dropped(self) -> bool:
        return any(hop.disposition == "DENIED_BY" for hop in self.hops)


def steps(origin: Origin, expected: Iterable[Expected], host: str, lines: Iterable[TraceLine]) -> Iterator[Step]:
    """Every packet of these lines that belongs to one of the flows."""
    given = tuple(expected)
    for packet in packets_of(lines):
        heads = [line.header for line in packet if line.header]
        direction = next((found for each in given if (found := direction_of(each, heads[0]))), None)
        if direction:
            yield Step(host, direction, heads[0], heads[-1], tuple(_hops(origin, host, direction, packet)))


def _hops(origin: Origin, host: str, direction: str, packet: list[TraceLine]) -> Iterator[Hop]:
    before: Header | None = None
    for line in packet:
        if line.header:
            yield from _changed(origin, host, direction, before, line.header)
            before = line.header
        elif not line.table.startswith(WATCH) and (hop := _decided(origin, host, direction, line)):
            yield hop
    if before and before.oif and _left(packet):
        yield Hop(host, host, Kind.LEAVE, f"goes out by {before.oif}", direction, None, origin.host(host))


def _left(packet: list[TraceLine]) -> bool:
    """Whether it came through the last hook."""
    hooks = [found[1] for line in packet if line.table.startswith(WATCH) and (found := LAST.match(line.chain))]
    return hooks[-1:] == ["postrouting"]


def _changed(origin: Origin, host: str, direction: str, before: Header | None, now: Header) -> Iterator[Hop]:
    """What a translation has changed since the chain before."""
    if before is None:
        return
    line = origin.exposure or origin.egress
    if (before.target, before.dport) != (now.target, now.dport):
        words = f"the target becomes {written(now.target, now.dport)}"
        yield Hop(host, host, Kind.TRANSLATION, words, direction, None, line)
    if (before.source, before.sport) != (now.source, now.sport):
        words = f"the source becomes {written(now.source, now.sport)}"
        yield Hop(host, host, Kind.TRANSLATION, words, direction, None, line)


def _decided(origin: Origin, host: str, direction: str, line: TraceLine) -> Hop | None:
    """A verdict that ends a chain, where somebody wrote it down."""
    rule = f"{line.family} {line.table} {line.chain}: {line.rule or 'policy'}"
    if line.drops:
        return Hop(host, host, Kind.RULE, why(line), direction, rule, origin.of_rule(host, line.rule), "DENIED_BY")
    if line.kind != "rule" or line.verdict != "accept":
        return None
    words = next((ALLOWED[name] for name in sets(line.rule) if name in ALLOWED), None)
    return Hop(host, host, Kind.RULE, words, direction, rule, origin.of_rule(host, line.rule)) if words else None


def why(line: TraceLine) -> str:
    """Why a rule ended a packet, as far as the rule itself says."""
    if line.table != "warren":
        return f"dropped by a table of somebody else: {line.family} {line.table}, chain {line.chain}"
    named = next((DENIED[name] for name in sets(line.rule) if name in DENIED), None)
    return f"dropped: {reached(line.rule) or named or CHAINS.get(line.chain, line.chain)}"


def written(address: str, port: int) -> str:
    """An address and a port as people write them."""
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
