"""What rules of translation make of sets of packets.

In: headers that a rule translates, in a scene. Out: the same connections with new ends, the old ones kept at levels of
their own, so that an answer can be led back. Never loses which old end belongs to which new one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from warren.formats.nft import model as nft
from warren.prove import packets
from warren.prove.devices import Devices
from warren.prove.diagrams import ALL, NOTHING, Diagram, Space, Span
from warren.prove.lookups import Leads, Reader
from warren.prove.network import Node
from warren.prove.packets import (
    DADDR,
    DPORT,
    ODADDR,
    ODPORT,
    ORIGIN,
    OSADDR,
    OSPORT,
    PROTO,
    SADDR,
    SAME,
    SPORT,
    Row,
    paths,
    rows,
)
from warren.prove.scene import Scene
from warren.prove.sieve import Translated, Translation
from warren.prove.translate import LOOPBACK, ends

Lead = tuple[int | None, Span | None]


@dataclass(frozen=True, slots=True)
class Naming:
    """How a connection is translated on a node: its target, its source, and whether the source's port is as well."""

    target: bool = False
    source: bool = False
    ports: bool = False

    @property
    def status(self) -> frozenset[str]:
        """What connection tracking says of it."""
        return frozenset(name for name, held in (("dnat", self.target), ("snat", self.source)) if held)


@dataclass(frozen=True, slots=True)
class Names:
    """Translations in one space, remembered."""

    space: Space
    reader: Reader
    _images: dict[object, tuple[object, dict[Diagram, Diagram]]] = field(default_factory=dict)
    _exchanged: dict[object, dict[Diagram, Diagram]] = field(default_factory=dict)

    def targets(self, given: Translated, scene: Scene, hook: str) -> Diagram:
        """The headers after a translation of their targets."""
        space = self.space
        found: list[Diagram] = []
        plain: list[tuple[Lead, Diagram]] = []
        for lead, region in self._leads(given.rule, given, scene, hook):
            if space.level[region] < DADDR:
                found.append(self._moved(space.both(given.headers, region), (((lead), ALL),), {}))
            else:
                plain.append((lead, region))
        if plain:
            found.append(self._moved(given.headers, tuple(plain), self._memo(given, scene, hook)))
        return space.union(found)

    def _memo(self, given: Translated, scene: Scene, hook: str) -> dict[Diagram, Diagram]:
        to = given.rule.to if isinstance(given.rule, nft.Dnat | nft.Snat) else None
        where = to.map if isinstance(to, nft.MapLookup) else None
        held = given.table.lookups.get(where.name) if isinstance(where, nft.SetReference) else None
        key = (id(given.rule), id(held and held.elements), scene.node.name, hook)
        return self._images.setdefault(key, ((given.rule, held), {}))[1]

    def _leads(self, rule: Translation, given: Translated, scene: Scene, hook: str) -> Iterator[tuple[Lead, Diagram]]:
        match rule:
            case nft.Dnat(to=nft.MapLookup() as to) | nft.Snat(to=nft.MapLookup() as to):
                for lead, region in self.reader.leads(given.table.lookups, to.map, to.key, scene):
                    yield _lead(lead), region
            case nft.Dnat(to=nft.Endpoint() as to) | nft.Snat(to=nft.Endpoint() as to):
                yield ((to.address.first if to.address else None), _span(to.port)), ALL
            case nft.Masquerade(ports=ports):
                for address, region in self._own(scene.node, scene.oif, scene.version):
                    yield (address, _span(ports)), region
            case nft.Redirect(ports=ports):
                local = [(LOOPBACK[scene.version], ALL)]
                own = local if hook == "output" else self._own(scene.node, scene.iif, scene.version)
                for address, region in own:
                    yield (address, _span(ports)), region

    def _own(self, node: Node, devices: Devices, version: int) -> Iterator[tuple[int, Diagram]]:
        """The node's addresses on devices, each with the headers that it is for."""
        names: dict[int, list[str]] = defaultdict(list)
        for name in devices.spans:
            device = node.devices.get(name)
            address = device.address(version) if device else None
            if address is not None:
                names[address].append(name)
        for address, held in names.items():
            yield address, devices.among(self.space, frozenset(held))

    def _moved(
        self, headers: Diagram, leads: tuple[tuple[Lead, Diagram], ...], memo: dict[Diagram, Diagram]
    ) -> Diagram:
        found = memo.get(headers)
        if found is not None:
            return found
        if headers > ALL and self.space.level[headers] < DADDR:
            edges = [(first, last, self._moved(kid, leads, memo)) for first, last, kid in self.space.edges[headers]]
            found = self.space.node(self.space.level[headers], edges)
        else:
            made: list[tuple[Row, Diagram]] = []
            for lead, region in leads:
                wanted = self.space.both(headers, region)
                if wanted != NOTHING:
                    made.extend(self._renamed(wanted, lead))
            found = rows(self.space, (DADDR, PROTO, DPORT, ODADDR, ODPORT), made)
        memo[headers] = found
        return found

    def _renamed(self, headers: Diagram, lead: Lead) -> Iterator[tuple[Row, Diagram]]:
        address, port = lead
        for (target, protocol, ports), below in paths(self.space, headers, (DADDR, PROTO, DPORT)):
            new = target if address is None else (address, address)
            for now, before in _ports(ports, port):
                yield (new, protocol, now, target, before), below

    def sources(self, given: Translated, scene: Scene, hook: str) -> Iterator[tuple[bool, Diagram]]:
        """The headers after a translation of their sources; with or without another port."""
        ported = packets.is_ported(self.space)
        for (address, ports), region in self._leads(given.rule, given, scene, hook):
            wanted = self.space.both(given.headers, region)
            if address is None or wanted == NOTHING:
                continue
            if ports is None:
                yield False, self._resourced(wanted, address, None, {})
                continue
            yield True, self._resourced(self.space.both(wanted, ported), address, ports, {})
            yield False, self._resourced(self.space.without(wanted, ported), address, None, {})

    def _resourced(self, headers: Diagram, address: int, ports: Span | None, memo: dict[Diagram, Diagram]) -> Diagram:
        if headers <= ALL and headers == NOTHING:
            return NOTHING
        if headers > ALL and self.space.level[headers] == ORIGIN:
            edges = self.space.edges[headers]
            return self.space.node(ORIGIN, [(a, b, self._resourced(kid, address, ports, memo)) for a, b, kid in edges])
        found = [
            ((span, (address, address)), below if ports is None else self._reported(below, ports, memo))
            for (span,), below in paths(self.space, headers, (SADDR,))
        ]
        return rows(self.space, (OSADDR, SADDR), found)

    def _reported(self, headers: Diagram, ports: Span, memo: dict[Diagram, Diagram]) -> Diagram:
        if headers in memo:
            return memo[headers]
        space = self.space
        if headers > ALL and space.level[headers] < SPORT:
            edges = [(a, b, self._reported(kid, ports, memo)) for a, b, kid in space.edges[headers]]
            found = space.node(space.level[headers], edges)
        else:
            found = rows(space, (SPORT, OSPORT), [((ports, s), k) for (s,), k in paths(space, headers, (SPORT,))])
        memo[headers] = found
        return found

    def exchanged_targets(self, headers: Diagram) -> Diagram:
        """Translated and original targets exchanged."""
        return packets.exchanged(self.space, headers, self._exchanged.setdefault("targets", {}))

    def exchanged_sources(self, headers: Diagram, ports: bool) -> Diagram:
        """Translated and original sources exchanged."""
        return packets.exchanged_sources(self.space, headers, ports, self._exchanged.setdefault(ports, {}))


def _ports(given: Span, wanted: Span | None) -> Iterator[tuple[Span, Span]]:
    """Spans of the port after and before; a port that stays is the same, in one spelling."""
    if wanted is None:
        yield given, (SAME, SAME)
        return
    if wanted[0] != wanted[1]:
        yield wanted, given
        return
    port = wanted[0]
    if given[0] <= port <= given[1]:
        yield wanted, (SAME, SAME)
    for first, last in ((given[0], min(given[1], port - 1)), (max(given[0], port + 1), given[1])):
        if first <= last:
            yield wanted, (first, last)


def _lead(lead: Leads) -> Lead:
    if not isinstance(lead, tuple):
        return None, None
    address, port = ends(lead)
    return address, _span(port)


def _span(port: int | nft.Span | None) -> Span | None:
    if port is None:
        return None
    return (port, port) if isinstance(port, int) else (port.first, port.last)
