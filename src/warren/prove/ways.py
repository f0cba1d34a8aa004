"""Where a node sends packets, for all packets at once.

In: a node, a mark, devices. Out: regions of headers, each with its fate and, where it leaves, by which device. Never
looks at rules of nftables, and never at the packets themselves: the regions are the same for all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from warren.formats.nft.model import Prefix
from warren.prove.devices import Devices, agree, one
from warren.prove.diagrams import ALL, NOTHING, Diagram, Space, Span
from warren.prove.network import Device, Kind, Network, Node
from warren.prove.packets import Roles
from warren.prove.policy import Entry, Policy, Table
from warren.prove.routing import EARLY_SOURCES, EARLY_TARGETS, LO, LOOPBACK4, MARTIAN_SOURCES, MARTIAN_TARGETS, Fate

T = TypeVar("T")
Piece = tuple[Span, Entry]
# The two ends of a pair: what leaves by them stays on the host.
NEAR = (Kind.VETH, Kind.INNER)


@dataclass(frozen=True, slots=True)
class Region:
    """Headers of one fate; `devices` and `pieces` where they leave the node, `far` those that lead to other hosts."""

    fate: Fate
    headers: Diagram
    devices: Devices | None = None
    pieces: tuple[Piece, ...] = ()
    far: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Routed:
    """A routing table: what leaves by which device, and what is refused."""

    devices: Devices
    pieces: tuple[Piece, ...]
    refused: Diagram
    far: tuple[str, ...]


def _of_hosts(
    held: Mapping[tuple[object, ...], T], network: Network, hosts: frozenset[str]
) -> dict[tuple[object, ...], T]:
    """What is known of nodes of these hosts; keys begin with the name of a node."""
    nodes = network.nodes
    return {key: each for key, each in held.items() if (node := nodes.get(str(key[0]))) and node.host in hosts}


@dataclass(frozen=True, slots=True)
class Ways:
    """Route lookups of all nodes, remembered."""

    space: Space
    version: int
    network: Network
    # All of them by the name of a node first.
    _regions: dict[tuple[object, ...], tuple[object, tuple[Region, ...]]] = field(default_factory=dict)
    _tables: dict[tuple[object, ...], Routed] = field(default_factory=dict)
    _believed: dict[tuple[object, ...], tuple[object, Diagram]] = field(default_factory=dict)
    _dropped: dict[bool, tuple[Diagram, Diagram]] = field(default_factory=dict)
    # Equal ones are the same, so that what was worked out for one is known of the other.
    _devices: dict[tuple[object, ...], Devices] = field(default_factory=dict)
    _beyond: dict[tuple[object, ...], Diagram] = field(default_factory=dict)
    _ends: dict[str, tuple[Node, dict[str | None, Device]]] = field(default_factory=dict)

    def kept(self, network: Network, same: frozenset[str]) -> Ways:
        """The same for another network, with what is known of hosts that have not changed."""
        made = Ways(self.space, self.version, network, _devices=self._devices)
        made._regions.update(_of_hosts(self._regions, network, same))
        made._tables.update(_of_hosts(self._tables, network, same))
        made._believed.update(_of_hosts(self._believed, network, same))
        return made

    def devices(self, level: int, spans: Mapping[str, tuple[Span, ...]]) -> Devices:
        """Devices by spans of a level: the same ones for the same spans."""
        return self._devices.setdefault((level, *sorted(spans.items())), Devices(level, spans))

    def regions(self, node: Node, roles: Roles, mark: int, iif: Devices) -> tuple[Region, ...]:
        """What the node does with packets of this mark from these devices, by their headers."""
        key = (node.name, roles, mark, id(iif) if iif.single is None else iif.single)
        found = self._regions.get(key)
        if found is None:
            found = self._regions[key] = (iif, tuple(self._lookup(node, roles, mark, iif)))
        return found[1]

    def _lookup(self, node: Node, roles: Roles, mark: int, iif: Devices) -> Iterator[Region]:
        own = self.local(node, roles.target)
        yield Region(Fate.LOCAL, own)
        yield from self._elsewhere(node, roles, mark, iif, self.space.without(ALL, own))

    def _elsewhere(self, node: Node, roles: Roles, mark: int, iif: Devices, rest: Diagram) -> Iterator[Region]:
        """What is not for the node itself."""
        for rule in node.policies[self.version]:
            concerned = self.space.both(rest, self._concerned(rule, roles, mark, iif))
            if concerned == NOTHING:
                continue
            if rule.table is None:
                rest = self.space.without(rest, concerned)
                continue
            table = self._table(node, rule.table, roles.target)
            routed = self.space.both(concerned, table.devices.everything(self.space))
            if routed != NOTHING:
                yield Region(Fate.DEVICE, routed, table.devices, table.pieces, table.far)
            ended = self.space.either(routed, self.space.both(concerned, table.refused))
            rest = self.space.without(rest, ended)

    def _concerned(self, rule: Policy, roles: Roles, mark: int, iif: Devices) -> Diagram:
        if rule.unknown is not None or rule.oif is not None:
            return NOTHING
        if rule.mark is not None and mark & rule.mark[1] != rule.mark[0]:
            return NOTHING
        found = ALL if rule.iif is None else iif.of(self.space, rule.iif)
        for level, prefix in ((roles.source, rule.source), (roles.target, rule.target)):
            if prefix is not None:
                found = self.space.both(found, self.space.spans(level, [(prefix.first, prefix.last)]))
        return found

    def _table(self, node: Node, table: str, level: int) -> Routed:
        key = (node.name, table, level)
        if key not in self._tables:
            pieces = tuple(flattened(node.tables.get((self.version, table), ())))
            spans: dict[str, list[Span]] = defaultdict(list)
            for span, entry in pieces:
                if entry.device is not None:
                    spans[entry.device].append(span)
            refused = self.space.spans(level, [span for span, entry in pieces if entry.device is None])
            devices = self.devices(level, {name: tuple(held) for name, held in spans.items()})
            far = tuple(name for name in spans if node.devices[name].kind not in NEAR)
            self._tables[key] = Routed(devices, pieces, refused, far)
        return self._tables[key]

    def local(self, node: Node, level: int) -> Diagram:
        """The headers that name an address of the node itself."""
        own = [(number, number) for version, number in node.local if version == self.version]
        loopback = [(LOOPBACK4.first, LOOPBACK4.last)] if self.version == 4 else []
        return self.space.spans(level, [*own, *loopback])

    def dropped(self, roles: Roles) -> tuple[Diagram, Diagram]:
        """What the kernel drops from any device: when it looks for a route, and before any rule."""
        found = self._dropped.get(roles.is_answer)
        if found is None:
            found = self._dropped[roles.is_answer] = self.martian(roles), self.stillborn(roles)
        return found

    def martian(self, roles: Roles) -> Diagram:
        """The headers that the kernel drops whatever the routes are."""
        sources = self.space.spans(roles.source, _spans(MARTIAN_SOURCES[self.version]))
        return self.space.either(sources, self.space.spans(roles.target, _spans(MARTIAN_TARGETS[self.version])))

    def stillborn(self, roles: Roles) -> Diagram:
        """The headers that are dropped before any rule sees them."""
        if self.version == 4:
            return NOTHING
        sources = self.space.spans(roles.source, _spans(EARLY_SOURCES))
        return self.space.either(sources, self.space.spans(roles.target, _spans(EARLY_TARGETS)))

    def believed(self, node: Node, roles: Roles, mark: int, iif: Devices, out: Devices | None) -> Diagram:
        """The headers whose source passes IPv4's check; `out` None is for the node itself."""
        if self.version == 6 or iif.single == LO:
            return ALL
        asked = mark if node.reverse_by_mark else 0
        key = (node.name, roles, asked, id(iif), id(out))
        found = self._believed.get(key)
        if found is None:
            made = self._believes(node, roles, asked, iif, out)
            found = self._believed[key] = ((iif, out), made)
        return found[1]

    def _believes(self, node: Node, roles: Roles, mark: int, iif: Devices, out: Devices | None) -> Diagram:
        back = Roles(roles.target, roles.source, roles.dport, roles.sport)
        own = self.local(node, roles.source)
        regions = self.regions(node, back, mark, out or one(LO))
        leaving = [region for region in regions if region.fate is Fate.DEVICE]
        same = self.space.union(
            self.space.both(region.headers, agree(self.space, region.devices, iif))
            for region in leaving
            if region.devices is not None
        )
        anyhow = self.space.union(region.headers for region in leaving)
        passing = {0: self.space.without(ALL, own), 1: same, 2: anyhow}
        return self.space.union(
            self.space.both(
                iif.of(self.space, name), ALL if node.believes_all(name) else passing[self._strictness(node, name)]
            )
            for name in iif.spans
        )

    def _strictness(self, node: Node, device: str) -> int:
        strictness = min(2, node.reverse_filter(device))
        return 1 if strictness == 2 and node.devices[device].address(4) is None else strictness

    def neighbours(self, node: Node, region: Region) -> Diagram:
        """The headers that a node on a pair at the other end takes: it has the next address."""
        key = (node.name, "next", id(region.pieces))
        found = self._believed.get(key)
        if found is None:
            spans = [span for piece in region.pieces for span in self._taken(node, *piece)]
            level = region.devices.level if region.devices else None
            made = NOTHING if level is None else self.space.spans(level, spans)
            found = self._believed[key] = (region.pieces, made)
        return found[1]

    def _taken(self, node: Node, span: Span, entry: Entry) -> Iterator[Span]:
        device = node.devices[entry.device] if entry.device else None
        if device is None or device.kind not in NEAR:
            return
        far = self.network.nodes.get(device.node or "")
        end = self._end(far, node) if far else None
        if far is None or end is None:
            return
        have = far.local if self.version == 4 else frozenset(end.addresses)
        if entry.via is not None:
            yield from ((span,) if (self.version, entry.via) in have else ())
            return
        yield from ((n, n) for version, n in have if version == self.version and span[0] <= n <= span[1])

    def _end(self, far: Node, node: Node) -> Device | None:
        """The far node's end of the pair with a node."""
        known = self._ends.get(far.name)
        if known is None or known[0] is not far:
            # The first of several, as they come.
            ends = {each.node: each for each in reversed(tuple(far.devices.values()))}
            known = self._ends[far.name] = (far, ends)
        return known[1].get(node.name)

    def speaks(self, service: Node, roles: Roles) -> Diagram:
        """What a service's own routes let out; what is for itself counts as well, and gets nowhere later."""
        version, host = self.version, self.network.nodes.get(service.host)
        end = self._end(host, service) if host else None
        tables = tuple((name, table) for (of, name), table in service.tables.items() if of == version)
        # Services with the same routes differ in their own addresses alone.
        pair = tuple((each.name, each.kind, each.node) for each in service.devices.values())
        key = (id(host), roles.is_answer, service.policies[version], tables, pair, end.addresses if end else None)
        found = self._beyond.get(key)
        if found is None:
            found = self._beyond[key] = self._let_out(service, roles)
        return self.space.either(self.local(service, roles.target), found)

    def _let_out(self, service: Node, roles: Roles) -> Diagram:
        found = NOTHING
        for region in self._elsewhere(service, roles, 0, one(LO), ALL):
            found = self.space.either(found, self.space.both(region.headers, self.neighbours(service, region)))
        return found


def flattened(table: Table) -> Iterator[Piece]:
    """Which route is taken for which targets: the longest prefix, the first of equal ones."""
    best: dict[tuple[int, int], Entry] = {}
    for entry in table:
        best.setdefault((entry.prefix.first, entry.prefix.length), entry)
    around: list[Entry] = []  # prefixes that hold the current place, the outermost first
    at = 0
    for key in sorted(best):
        entry = best[key]
        while around and around[-1].prefix.last < entry.prefix.first:
            yield from _piece(at, around[-1].prefix.last, around[-1])
            at = max(at, around.pop().prefix.last + 1)
        if around:
            yield from _piece(at, entry.prefix.first - 1, around[-1])
        at = entry.prefix.first
        around.append(entry)
    while around:
        yield from _piece(at, around[-1].prefix.last, around[-1])
        at = max(at, around.pop().prefix.last + 1)


def _piece(first: int, last: int, entry: Entry) -> Iterator[Piece]:
    if first <= last:
        yield (first, last), entry


def _spans(prefixes: Iterable[Prefix]) -> list[Span]:
    return [(each.first, each.last) for each in prefixes]
