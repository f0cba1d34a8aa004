"""Where a node sends one packet.

In: a node and the addresses, mark and device of a packet. Out: the route that the kernel would take, and whether it
believes the source. Never looks at rules of nftables.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from warren.formats.nft.model import Prefix
from warren.prove.network import Node
from warren.prove.policy import Entry, Policy

LO = "lo"
# Sources that the kernel takes from no device, and targets to which it forwards nothing (ip_route_input_slow,
# ip6_rcv_core, ip6_forward).
MARTIAN_SOURCES = {
    4: tuple(map(Prefix.of, ("0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/4", "255.255.255.255/32"))),
    6: tuple(map(Prefix.of, ("::/128", "::1/128", "::ffff:0:0/96", "fe80::/10", "ff00::/8"))),
}
MARTIAN_TARGETS = {
    4: tuple(map(Prefix.of, ("0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/4", "255.255.255.255/32"))),
    6: tuple(map(Prefix.of, ("::/128", "::1/128", "::ffff:0:0/96", "fe80::/10", "ff00::/8"))),
}
# What IPv6 drops before any rule sees it (ip6_rcv_core).
EARLY_SOURCES = tuple(map(Prefix.of, ("::1/128", "::ffff:0:0/96", "ff00::/8")))
EARLY_TARGETS = tuple(map(Prefix.of, ("::1/128",)))
LOOPBACK4 = Prefix.of("127.0.0.0/8")


class Fate(Enum):
    """What a route lookup says."""

    LOCAL = "local"
    DEVICE = "device"
    REFUSED = "refused"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Found:
    """The result of a lookup; `by` is the routing rule that led to it."""

    fate: Fate
    entry: Entry | None = None
    by: Policy | None = None

    def __str__(self) -> str:
        if self.fate is Fate.LOCAL:
            return "local"
        if self.entry is None:
            return self.by.text if self.by else "no route"
        return f"{self.entry} table {self.by.table}" if self.by else str(self.entry)


def lookup(node: Node, version: int, source: int, target: int, mark: int, iif: str) -> Found:
    """The kernel's choice for a packet from `iif` (`lo` for the node's own packets)."""
    if (version, target) in node.local or (version == 4 and held((LOOPBACK4,), target)):
        return Found(Fate.LOCAL)
    for rule in node.policies[version]:
        if not rule.selects(mark, iif) or not _concerns(rule, source, target):
            continue
        if rule.table is None:
            return Found(Fate.REFUSED, None, rule)
        entry = best(node, version, rule.table, target)
        if entry is not None:
            return Found(Fate.DEVICE if entry.device else Fate.REFUSED, entry, rule)
    return Found(Fate.NOTHING)


def best(node: Node, version: int, table: str, target: int) -> Entry | None:
    """The route of a table for a target: tables are in the order of preference."""
    entries = node.tables.get((version, table), ())
    return next((each for each in entries if each.prefix.first <= target <= each.prefix.last), None)


def _concerns(rule: Policy, source: int, target: int) -> bool:
    for prefix, number in ((rule.source, source), (rule.target, target)):
        if prefix is not None and not prefix.first <= number <= prefix.last:
            return False
    return True


def believes(node: Node, version: int, source: int, target: int, mark: int, iif: str, out: str | None) -> bool:
    """IPv4's check of the source (__fib_validate_source): is there a way back? `out` None is for the node itself."""
    if version == 6 or iif == LO or node.believes_all(iif):
        return True
    strictness = node.reverse_filter(iif)
    if strictness == 0 and len(node.policies[4]) == 1:
        return (4, source) not in node.local
    asked = mark if node.reverse_by_mark else 0
    back = lookup(node, 4, target, source, asked, out or LO)
    if back.fate is Fate.LOCAL:
        return False
    if back.fate is not Fate.DEVICE or back.entry is None:
        return strictness == 0
    if back.entry.device == iif:
        return True
    if node.devices[iif].address(4) is None:
        return strictness == 0
    return strictness != 1


def held(prefixes: tuple[Prefix, ...], number: int) -> bool:
    """Whether a number lies in one of the prefixes (of one family)."""
    return any(each.first <= number <= each.last for each in prefixes)
