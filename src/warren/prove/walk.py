"""All packets of a place at once, from node to node to where they end, and their answers back.

In: a network and where packets start. Out: arrivals: sets of headers, each with the legs of its way; and of them what
is answered. Never less or more than what each packet on its own would do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from warren.formats.nft.model import Prefix
from warren.prove import packets
from warren.prove.crossing import Crossing, Leg, Passed
from warren.prove.devices import Devices, one
from warren.prove.diagrams import ALL, NOTHING, Diagram, Space, Span
from warren.prove.lookups import Reader
from warren.prove.naming import Names
from warren.prove.network import Kind, Network, Node
from warren.prove.packets import ANSWER, ODADDR, ODPORT, ORIGIN, OSADDR, OSPORT, QUESTION, Roles
from warren.prove.policy import Entry, Table
from warren.prove.sieve import Sieve
from warren.prove.tunnels import End, Tunnels
from warren.prove.ways import Region, Ways, flattened

MOST_LEGS = 12
TRANSLATED = frozenset((OSADDR, OSPORT, ODADDR, ODPORT))


@dataclass(frozen=True, slots=True)
class Start:
    """Where packets begin: at services of a host (`iif` tells which), at the host, or at an uplink.

    Where the source tells the place, headers do not name it; `bound` says which sources belong to which places.
    """

    node: Node
    headers: Diagram
    iif: Devices | None
    names: tuple[str, ...]
    bound: Diagram = ALL


@dataclass(frozen=True, slots=True)
class Arrival:
    """Headers that came to an end; `device` is the uplink by which they left, `inside` a service or host otherwise."""

    headers: Diagram
    legs: tuple[Leg, ...]
    device: str | None = None
    at_service: bool = False

    @property
    def node(self) -> Node:
        """The last host on the way."""
        return self.legs[-1].node


@dataclass(slots=True)
class Walk:
    """One family of one network.

    `loops` are sets that went round in circles, `twice` such as two nodes translate at the same end: those are not
    followed any further, so whoever finds some has proved nothing about them.
    """

    network: Network
    tunnels: Tunnels
    version: int
    space: Space
    crossing: Crossing
    ways: Ways
    loops: list[tuple[tuple[str, ...], Diagram]] = field(default_factory=list)
    twice: list[tuple[tuple[str, ...], Diagram]] = field(default_factory=list)
    # The hosts whose states have been asked since it was emptied.
    touched: set[str] = field(default_factory=set)
    # The starts of hosts by what they were made from: the same ones again, with the same devices.
    begun: dict[tuple[object, ...], tuple[Node, tuple[Start, ...]]] = field(default_factory=dict)
    _regions: dict[object, Diagram] = field(default_factory=dict)

    @classmethod
    def of(cls, network: Network, tunnels: Tunnels, version: int, space: Space | None = None) -> Walk:
        """A walk; a space may be kept from an earlier one, so that what is the same is known."""
        space = space or packets.space(version)
        reader = Reader(space)
        ways = Ways(space, version, network)
        crossing = Crossing(space, version, Sieve(reader), ways, Names(space, reader))
        return cls(network, tunnels, version, space, crossing, ways)

    @classmethod
    def after(cls, before: Walk, network: Network, tunnels: Tunnels, same: frozenset[str]) -> Walk:
        """A walk that knows what an earlier one has learned about hosts that are the same."""
        old = before.crossing
        ways = before.ways.kept(network, same)
        crossing = Crossing(before.space, before.version, old.sieve, ways, old.names, old.openings, old.followings)
        made = cls(network, tunnels, before.version, before.space, crossing, ways)
        made.begun.update(before.begun)
        made._regions.update({key: held for key, held in before._regions.items() if _hosts(key) <= same})
        return made

    def arrivals(self, start: Start) -> Iterator[Arrival]:
        """Where the first packets of connections end."""
        return self._step(start.node, start.headers, start.iif, None, ())

    def _step(
        self, node: Node, headers: Diagram, iif: Devices | None, came: End | None, legs: tuple[Leg, ...]
    ) -> Iterator[Arrival]:
        self.touched.add(node.name)
        if len(legs) >= MOST_LEGS:
            self.loops.append((tuple(leg.node.name for leg in legs), headers))
            return
        for passed in self.crossing.opening(node, headers, iif):
            if passed.headers == NOTHING:
                continue
            if _translated_again(passed, legs):
                self.twice.append((tuple(leg.node.name for leg in legs) + (node.name,), passed.headers))
                continue
            oif = passed.region.devices if passed.region else None
            leg = Leg(node, iif, oif, passed.marks[1], passed.naming, came)
            if passed.region is None:
                yield Arrival(passed.headers, (*legs, leg))
            else:
                yield from self._leave(passed, passed.region, leg, legs)

    def _leave(self, passed: Passed, region: Region, leg: Leg, legs: tuple[Leg, ...]) -> Iterator[Arrival]:
        assert region.devices is not None
        near = self.space.both(passed.headers, self.ways.neighbours(leg.node, region))
        if near != NOTHING:
            yield Arrival(near, (*legs, leg), at_service=True)
        for name in region.far:
            headers = self.space.both(passed.headers, region.devices.of(self.space, name))
            alone = replace(leg, oif=one(name))
            if headers == NOTHING:
                continue
            if leg.node.devices[name].kind is Kind.UPLINK:
                yield Arrival(headers, (*legs, alone), name)
            else:
                yield from self._enter_tunnel((leg.node.name, name), headers, alone, legs)

    def _enter_tunnel(self, end: End, headers: Diagram, leg: Leg, legs: tuple[Leg, ...]) -> Iterator[Arrival]:
        for far in {peer.far for peer in self.tunnels.peers.get(end, ())} - {None}:
            assert far is not None
            self.touched.add(far[0])
            through = self.space.both(headers, self.tunnel(end, far, QUESTION))
            if through != NOTHING:
                node = self.network.nodes[far[0]]
                yield from self._step(node, through, one(far[1]), end, (*legs, replace(leg, went=far)))

    def tunnel(self, end: End, far: End, roles: Roles) -> Diagram:
        """The headers that WireGuard carries from one end to the other: both ends must allow them."""
        key = (end, far, roles)
        if key not in self._regions:
            chosen = self._owned(end, far, roles.target)
            self._regions[key] = self.space.both(chosen, self._owned(far, end, roles.source))
        return self._regions[key]

    def _owned(self, end: End, far: End, level: int) -> Diagram:
        """The addresses that belong to the peer whose other end is `far`."""
        entries: list[Entry] = []
        for peer in reversed(self.tunnels.peers.get(end, ())):
            mine = "yes" if peer.far == far else None
            entries.extend(_entry(each, mine) for each in peer.allowed if each.version == self.version)
        table: Table = tuple(entries)
        return self.space.spans(level, [span for span, entry in flattened(table) if entry.device])

    def answered(self, arrival: Arrival) -> Diagram:
        """The part of an arrival whose answers come back, and whose next packets pass too."""
        ported = packets.is_ported(self.space)
        headers = self.space.both(arrival.headers, ported)
        if arrival.at_service:
            headers = self.space.both(headers, self.speaking(arrival.node, None, ANSWER))
        for leg in reversed(arrival.legs):
            headers = self.crossing.again(leg, headers, True, self._back(leg))
        for leg in arrival.legs:
            headers = self.crossing.again(leg, headers, False, self._onward(leg))
        return self.space.either(headers, self.space.without(arrival.headers, ported))

    def _back(self, leg: Leg) -> Diagram:
        """The answers that the previous end takes."""
        if leg.came is not None and leg.iif is not None and leg.iif.single is not None:
            return self.tunnel((leg.node.name, leg.iif.single), leg.came, ANSWER)
        return ALL

    def _onward(self, leg: Leg) -> Diagram:
        if leg.went is not None and leg.oif is not None and leg.oif.single is not None:
            return self.tunnel((leg.node.name, leg.oif.single), leg.went, QUESTION)
        return ALL

    def sent(self, start: Start, arrival: Arrival, headers: Diagram) -> Diagram:
        """Headers of an arrival as they were when they started."""
        for leg in reversed(arrival.legs):
            if leg.naming.source:
                headers = self.crossing.names.exchanged_sources(headers, leg.naming.ports)
            if leg.naming.target:
                headers = self.crossing.names.exchanged_targets(headers)
        return self.space.both(self.space.forget(headers, TRANSLATED), start.bound)

    def speaking(self, host: Node, numbers: dict[str, int] | None, roles: Roles) -> Diagram:
        """What the services of a host can send: by their numbers as a start, or by their addresses as an answer."""
        key = ("speaking", host.name, numbers is None, roles)
        if key not in self._regions:
            spans: dict[Diagram, list[Span]] = {}
            for service in self.network.services(host.name):
                region = self.ways.speaks(service, roles)
                own = [(numbers[service.name],) * 2] if numbers else own_spans(service, self.version)
                spans.setdefault(region, []).extend(own)
            level = ORIGIN if numbers else roles.source
            self._regions[key] = self.space.union(
                self.space.both(self.space.spans(level, held), region) for region, held in spans.items()
            )
        return self._regions[key]


def _hosts(key: object) -> set[str]:
    """The hosts that a remembered region is about."""
    match key:
        case ("speaking", str(host), *_):
            return {host}
        case ((str(one), _), (str(other), _), _):
            return {one, other}
    return {""}


def _translated_again(passed: Passed, legs: tuple[Leg, ...]) -> bool:
    naming = passed.naming
    return any((naming.target and leg.naming.target) or (naming.source and leg.naming.source) for leg in legs)


def own_spans(service: Node, version: int) -> list[Span]:
    """A service's own addresses of a family."""
    return [(n, n) for device in service.devices.values() for of, n in device.addresses if of == version]


def _entry(prefix: Prefix, device: str | None) -> Entry:
    return Entry(prefix, device, None, None, 0)
