"""Routing rules and tables as values to ask.

In: items of routes and rules, and the outside's routes. Out: for each family the rules in order, and tables of routes,
the longest prefix first. Never asks: that is `routing`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from warren.desired.items.route import UNREACHABLE_METRIC, IpRule, Route
from warren.formats.nft.model import Prefix
from warren.prove.outside import Uplink

# Hosts repeat each other's addresses, and a change leaves most of them.
prefix_of = lru_cache(maxsize=1 << 17)(Prefix.of)
# A family and a number.
Place: TypeAlias = tuple[int, int]
MAIN = "main"
EVERYTHING = {4: "0.0.0.0/0", 6: "::/0"}
REFUSALS = ("unreachable", "blackhole", "prohibit")
LAST_PRIORITY = 32766


@dataclass(frozen=True, slots=True)
class Entry:
    """One route; no device means unreachable. `via` is the next address where it is not the packet's own target."""

    prefix: Prefix
    device: str | None
    via: int | None
    source: int | None
    metric: int

    def __str__(self) -> str:
        if self.device is None:
            return f"unreachable {self.prefix}"
        via = f" via {Prefix(self.prefix.version, self.via, self.prefix.bits)}" if self.via is not None else ""
        return f"{self.prefix}{via} dev {self.device}"


Table: TypeAlias = tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """One routing rule. `table` None refuses; `unknown` is a word of the selector that is not understood."""

    priority: int
    source: Prefix | None = None
    target: Prefix | None = None
    mark: tuple[int, int] | None = None
    iif: str | None = None
    oif: str | None = None
    table: str | None = MAIN
    unknown: str | None = None
    text: str = "lookup main"

    def selects(self, mark: int, iif: str, oif: str | None = None) -> bool:
        """Whether the rule concerns packets of this mark from this device; addresses are asked apart."""
        if self.unknown is not None or (self.mark is not None and mark & self.mark[1] != self.mark[0]):
            return False
        return self.iif in (None, iif) and self.oif in (None, oif)


def policy(items: Iterable[IpRule]) -> dict[int, tuple[Policy, ...]]:
    """The rules of both families in order, those that every system has at the end."""
    found: dict[int, list[Policy]] = {4: [], 6: []}
    for item in items:
        found[item.family].append(_policy(item))
    return {family: (*sorted(rules, key=_priority), Policy(LAST_PRIORITY)) for family, rules in found.items()}


def _priority(rule: Policy) -> int:
    return rule.priority


def _policy(item: IpRule) -> Policy:
    words = item.selector.split()
    found = dict(zip(words[::2], words[1::2], strict=False))
    strange = set(found) - {"from", "to", "fwmark", "iif", "oif"}
    return Policy(
        item.priority,
        prefix_of(found["from"]) if found.get("from", "all") != "all" else None,
        prefix_of(found["to"]) if found.get("to", "all") != "all" else None,
        _mark(found["fwmark"]) if "fwmark" in found else None,
        found.get("iif"),
        found.get("oif"),
        None if item.action in REFUSALS else item.action,
        min(strange, default=None),
        f"{item.priority}: {item.selector} {item.describe()}",
    )


def _mark(text: str) -> tuple[int, int]:
    value, _, mask = text.partition("/")
    return int(value, 0), int(mask, 0) if mask else 0xFFFFFFFF


def tables(routes: Iterable[Route], uplinks: Iterable[Uplink], devices: Container[str]) -> dict[tuple[int, str], Table]:
    """All tables; routes by devices that are not there are not there either."""
    found: dict[tuple[int, str], list[Entry]] = defaultdict(list)
    for route in routes:
        if route.device is None or route.device in devices:
            found[route.family, route.table].append(_entry(route))
    for uplink in uplinks:
        for entry in _beyond(uplink):
            found[entry.prefix.version, MAIN].append(entry)
    return {key: tuple(sorted(entries, key=_rank)) for key, entries in found.items()}


def _rank(entry: Entry) -> tuple[int, int]:
    return -entry.prefix.length, entry.metric


def _entry(route: Route) -> Entry:
    via = prefix_of(route.via).first if route.via else None
    source = prefix_of(route.source).first if route.source else None
    return Entry(prefix_of(route.prefix), route.device, via, source, 0 if route.device else UNREACHABLE_METRIC)


def _beyond(uplink: Uplink) -> Iterator[Entry]:
    for text in uplink.prefixes:
        yield Entry(prefix_of(text), uplink.device, None, None, 0)
    if uplink.default:
        for version in sorted({prefix_of(each.partition("/")[0]).version for each in uplink.addresses}):
            yield Entry(prefix_of(EVERYTHING[version]), uplink.device, None, None, 0)
