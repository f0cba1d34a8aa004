"""Hosts as they stand: with what others have put on them.

In: a topology and what was observed of its hosts. Out: states that hold the tables, routes and routing rules of others
as well, and the links of each host as they are. Never for a plan: what is not ours is not changed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from ipaddress import ip_address, ip_network

from warren.desired.items.route import PROTOCOL, IpRule, Route
from warren.desired.items.rules import Rules
from warren.desired.model import HostState, Item
from warren.formats import iproute
from warren.formats.iproute import Link, RouteLine
from warren.formats.nft import read
from warren.formats.nft.model import Table
from warren.formats.nft.xtables import translated
from warren.observe import Observed
from warren.prove.doubt import assumed, concerns, doubts
from warren.prove.outside import INTERNET, Outside, Uplink
from warren.topology.model import Host, Topology
from warren.verify.beyond import outside_of

EVERYTHING = ("0.0.0.0/0", "::/0")
# The kernel's own: whatever is for the host itself, which is known by its addresses.
OWN_TABLE = "local"
LAST = 32766
PLAIN = re.compile(r"(?ms)^table (\S+) (\S+) \{.*?^\}")
KNOWN = {"priority", "src", "srclen", "dst", "dstlen", "fwmark", "fwmask", "iif", "oif", "table", "protocol", "action"}


@dataclass(frozen=True, slots=True)
class Standing:
    """`foreign` are the items of others on each host; `outside` its links."""

    foreign: Mapping[str, tuple[Item, ...]]
    outside: Outside

    def on(self, host: str, state: HostState) -> HostState:
        """A state of ours with what others have beside it."""
        others = {f"foreign:{number}": item for number, item in enumerate(self.foreign.get(host, ()))}
        return HostState({**others, **state.items})

    def routed(self, host: str, state: HostState) -> HostState:
        """The same without the tables of others."""
        kept = tuple(item for item in self.foreign.get(host, ()) if not isinstance(item, Rules))
        return replace(self, foreign={host: kept}).on(host, state)

    def assuming(self, shut: bool) -> Standing:
        """The same, where words that are not known shut what they can, or open it."""
        read = {host: tuple(_read(each, shut) for each in held) for host, held in self.foreign.items()}
        return replace(self, foreign=read)

    @property
    def doubts(self) -> Mapping[str, tuple[str, ...]]:
        """The words that are not known, by the table that has them."""
        found = {
            f"table {item.table.family} {item.table.name} on {host}": doubts(item.table)
            for host, items in self.foreign.items()
            for item in items
            if isinstance(item, Rules)
        }
        return {where: words for where, words in found.items() if words}

    @property
    def tables(self) -> Mapping[str, tuple[str, ...]]:
        """The tables of others that have chains at hooks, by host."""
        return {
            host: tuple(f"{item.table.family} {item.table.name}" for item in items if isinstance(item, Rules))
            for host, items in self.foreign.items()
            if any(isinstance(item, Rules) for item in items)
        }


def standing(topology: Topology, observed: Mapping[str, Observed]) -> Standing:
    """What is on the hosts that is not ours."""
    keys = {name: seen.public_key or name for name, seen in observed.items()}
    written = outside_of(topology)
    links = [
        link
        for name, seen in observed.items()
        # Where a host has none to show, as one in memory, the file says what there is.
        for link in tuple(_uplinks(topology, name, seen)) or written.of(name)
    ]
    return Standing({name: tuple(_foreign(seen)) for name, seen in observed.items()}, Outside(tuple(links), keys))


def _foreign(seen: Observed) -> Iterator[Item]:
    for table in tables(seen.raw.get("foreign", ""), seen.raw.get("xtables", "")):
        if concerns(table):
            yield Rules(table)
    for line in iproute.routes(_json(seen, "routes")):
        if line.protocol != str(PROTOCOL) and line.table != OWN_TABLE and _is_understood(line):
            yield Route(line.prefix, line.table, line.device if line.kind == "unicast" else None, line.via, line.source)
    for family in (4, 6):
        yield from _rules(_json(seen, f"rules{family}"), family)


def _read(item: Item, shut: bool) -> Item:
    return Rules(assumed(item.table, shut)) if isinstance(item, Rules) else item


def _is_understood(line: RouteLine) -> bool:
    """Not a route by several devices at once: which of them is taken is not told."""
    return line.kind == "unreachable" or (line.kind == "unicast" and line.device is not None)


def _rules(entries: list[dict[str, object]], family: int) -> Iterator[IpRule]:
    """Routing rules of others; one that asks for something strange has a word that selects nothing."""
    for entry in entries:
        strange = min(set(entry) - KNOWN, default=None)
        for rule in iproute.rules([entry]):
            if rule.protocol != str(PROTOCOL) and 0 < rule.priority < LAST:
                selector = f"{rule.selector} {strange} yes".strip() if strange else rule.selector
                yield IpRule(family, rule.priority, selector, rule.action)


def tables(text: str, plain: str = "") -> Iterator[Table]:
    """The tables of several listings, one after the other; `plain` has those of iptables-nft as text as well."""
    meant = {(found[1], found[2]): found[0] for found in PLAIN.finditer(plain)}
    for listing in iproute.documents(text):
        for family, name in sorted(read.names(listing)):
            said = meant.get((family, name))
            if found := read.table(translated(listing, said) if said else listing, family, name):
                yield found


def _uplinks(topology: Topology, name: str, seen: Observed) -> Iterator[Uplink]:
    """The links that we did not make, and that have addresses; the way out is told by the routes of others."""
    ours = {link for link in _devices(seen.state)} | {"lo"}
    routes = list(iproute.routes(_json(seen, "routes")))
    for link in iproute.links(_json(seen, "links")):
        if link.name not in ours and link.addresses:
            default = any(line.prefix in EVERYTHING and line.device == link.name for line in routes)
            yield _uplink(topology.hosts.get(name), name, link, routes, default)


def _uplink(host: Host | None, name: str, link: Link, routes: list[RouteLine], default: bool) -> Uplink:
    own = tuple(sorted(each.partition("/")[0] for each in link.addresses))
    near = tuple(sorted({line.prefix for line in routes if line.device == link.name and _is_near(line)}))
    place = _place(host, name, link.name, own, default)
    return Uplink(name, link.name, place, own, () if place == INTERNET else near, default=False)


def _is_near(line: RouteLine) -> bool:
    return line.via is None and line.prefix not in EVERYTHING and line.table != OWN_TABLE


def _place(host: Host | None, name: str, device: str, own: tuple[str, ...], default: bool) -> str:
    """What the link leads to: the Internet where the host has its public addresses, else the LAN of the file."""
    addresses = [ip_address(each) for each in own]
    if host and any(each in host.public for each in addresses):
        return INTERNET
    for number, lan in enumerate(host.lans if host else ()):
        if any(each.version == p.version and each in ip_network(p) for each in addresses for p in lan.prefixes):
            return f"lan:{name}" if number == 0 else f"lan:{name}/{lan.name}"
    if default:
        return INTERNET if host and host.public else f"lan:{name}"
    return f"link:{name}/{device}"


def _devices(state: HostState) -> Iterator[str]:
    for item in state:
        name = getattr(item, "name", None)
        if item.key.startswith("link:") and isinstance(name, str):
            yield name


def _json(seen: Observed, section: str) -> list[dict[str, object]]:
    text = seen.raw.get(section, "")
    found = json.loads(text) if text.strip() else []
    return found if isinstance(found, list) else []
