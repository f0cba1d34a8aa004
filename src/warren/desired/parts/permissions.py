"""Who may talk to whom, as elements.

In: the permissions that concern a host. Out: elements: exact flows in a hash set, ranges and prefixes in small interval
sets of their own (hash sets cost the same at any size, intervals do not). Every host on the path holds them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address
from itertools import product

from warren.basis.address import METADATA4, METADATA6, host_prefix, subtract
from warren.basis.ports import Ports, Protocol
from warren.desired.parts.boxes import Box, Span, disjoint
from warren.desired.parts.firewall.elements import Entry, address, element, way_out
from warren.desired.parts.firewall.merge import spans
from warren.desired.parts.firewall.words import prefix, single
from warren.desired.view import HostView
from warren.formats.nft import model as nft
from warren.topology.model import (
    Address,
    Egress,
    EgressKind,
    Pair,
    Prefix,
    PrefixPermission,
    ProgramPermission,
    Service,
)

ALL_PORTS = (0, 65535)
ALL_PROTOCOLS = (0, 255)
NUMBERS = {Protocol.TCP: 6, Protocol.UDP: 17}
Target = tuple[Pair, Pair, Protocol]


def permissions(view: HostView) -> Iterator[Entry]:
    """The elements of `permit`, `permit_range`, `visitors`, `visited`, `reach` and `reach_by`."""
    ranges: dict[Target, list[tuple[Ports, str]]] = defaultdict(list)
    exact: dict[tuple[Pair, Pair, Protocol, int], str] = {}
    for source, target, protocol, ports, need in _internal(view):
        if ports.first == ports.last:
            exact.setdefault((source, target, protocol, ports.first), need)
        else:
            ranges[(source, target, protocol)].append((ports, need))
    yield from _exact(exact)
    yield from _ranges(ranges)
    yield from _visits(view)
    yield from _reach(view)


def _internal(view: HostView) -> Iterator[tuple[Pair, Pair, Protocol, Ports, str]]:
    services = view.topology.services
    for permission in view.permissions:
        if isinstance(permission, PrefixPermission):
            continue
        source = services[permission.source].addresses
        if isinstance(permission, ProgramPermission):
            target, name = view.topology.hosts[permission.host].addresses, permission.host
        else:
            target, name = services[permission.target].addresses, permission.target
        yield source, target, permission.protocol, permission.ports, f"{permission.source} -> {name}"
    yield from _carried(view)
    yield from _logins(view)


def _logins(view: HostView) -> Iterator[tuple[Pair, Pair, Protocol, Ports, str]]:
    """The operator's way to a host by another one, over the network itself."""
    topology = view.topology
    for host in topology.hosts.values():
        if not host.ssh_inside or not host.ssh_via:
            continue
        if view.host.name in (host.name, topology.ways.get((host.ssh_via, host.name))):
            source, port = topology.hosts[host.ssh_via].addresses, Ports(host.ssh_port, host.ssh_port)
            yield source, host.addresses, Protocol.TCP, port, f"{host.ssh_via} -> {host.name}: ssh"


def _carried(view: HostView) -> Iterator[tuple[Pair, Pair, Protocol, Ports, str]]:
    """A LAN exposure of a service elsewhere travels in the name of the host that offers it."""
    for exposure in view.exposures:
        service = view.topology.services[exposure.service]
        if exposure.is_lan and exposure.at not in (service.host,) and view.host.name != exposure.at:
            offering = view.topology.hosts[exposure.at].addresses
            yield offering, service.addresses, exposure.protocol, exposure.target, f"{exposure.at} -> {service.name}"


def _exact(flows: dict[tuple[Pair, Pair, Protocol, int], str]) -> Iterator[Entry]:
    for (source, target, protocol, port), need in flows.items():
        for one, other in zip(source, target, strict=True):
            yield address("permit", one), element(single(one), single(other), protocol.value, port, why=need)


def _ranges(ranges: dict[Target, list[tuple[Ports, str]]]) -> Iterator[Entry]:
    for (source, target, protocol), given in ranges.items():
        for first, last in spans((ports.first, ports.last) for ports, _ in given):
            for one, other in zip(source, target, strict=True):
                span = nft.span(first, last)
                key = (single(one), single(other), protocol.value, span)
                yield address("permit_range", one), element(*key, why=given[0][1])


def _visits(view: HostView) -> Iterator[Entry]:
    """Who visits at all, each once, and whose services may ask what: not every service times every entry."""
    services, hosts = view.topology.services, view.topology.hosts
    for host in dict.fromkeys(each.host for each in view.visits):
        for service in view.visitors[host]:
            for own in service.addresses:
                yield address("visitors", own), element(single(own))
    for visit in view.visits:
        why = f"{visit.host} -> {visit.entry}"
        for network, port in product(hosts[visit.host].prefixes, visit.ports):
            target = _of(services[visit.entry].addresses, network.version)
            key = (prefix(network), single(target), port.protocol.value, nft.span(port.ports.first, port.ports.last))
            yield address("visited", target), element(*key, why=why)


def _of(pair: Pair, version: int) -> Address:
    return pair.v4 if version == 4 else pair.v6


def _reach(view: HostView) -> Iterator[Entry]:
    """Permissions to places outside the network; the source's own host also learns the way."""
    wanted: dict[tuple[str, int], list[tuple[Box, Egress]]] = defaultdict(list)
    for service, permission in _outward(view):
        allowed = subtract(permission.prefixes, _never(view))
        for version in (4, 6):
            # A hole splits a prefix into dozens; the kernel takes ranges of addresses as they are.
            ends = ((int(p.network_address), int(p.broadcast_address)) for p in allowed if p.version == version)
            for addresses in spans(ends):
                wanted[(service.name, version)].append((_box(addresses, permission), permission.way))
    for (name, version), boxes in wanted.items():
        service = view.topology.services[name]
        own = _of(service.addresses, version)
        yield from _reached(view, service, own, boxes)


def _outward(view: HostView) -> Iterator[tuple[Service, PrefixPermission]]:
    services = view.topology.services
    for permission in view.permissions:
        if isinstance(permission, PrefixPermission):
            yield services[permission.source], permission
    lan = Egress(EgressKind.LAN)
    for service in view.services:
        if service.egress.kind is EgressKind.LAN:
            prefixes = tuple(each for lan_ in view.host.lans for each in lan_.prefixes)
            yield service, PrefixPermission(service.name, prefixes, None, None, lan, "egress: lan")


def _never(view: HostView) -> list[Prefix]:
    metadata: tuple[Address, ...] = (*METADATA4, *METADATA6)
    return [view.topology.prefix4, view.topology.prefix6, *(host_prefix(each) for each in metadata)]


def _box(addresses: Span, permission: PrefixPermission) -> Box:
    protocol = ALL_PROTOCOLS if permission.protocol is None else (NUMBERS[permission.protocol],) * 2
    ports = ALL_PORTS if permission.ports is None else (permission.ports.first, permission.ports.last)
    return Box(addresses, protocol, ports)


def _reached(
    view: HostView, service: Service, own: IPv4Address | IPv6Address, boxes: list[tuple[Box, Egress]]
) -> Iterator[Entry]:
    for box, way in disjoint(sorted(boxes, key=_narrowness)):
        key = (single(own), nft.span(*box.addresses, own.version), _protocol(box), nft.span(*box.ports))
        yield address("reach", own), element(*key)
        chain = "leave_direct" if way.kind is EgressKind.LAN else way_out(way)
        if service.host == view.host.name and chain:
            yield address("reach_by", own), element(*key, leads=nft.Goto(chain))


def _narrowness(box_and_way: tuple[Box, Egress]) -> tuple[object, ...]:
    """Where two needs overlap, the way of the narrower one is taken, wherever it stands in the file."""
    box, way = box_and_way
    widths = tuple(last - first for first, last in box.sides)
    # The LAN before a gateway: what is beside the host is not looked for on the other side of a tunnel.
    return widths, way.kind is not EgressKind.LAN, str(way), box.sides


def _protocol(box: Box) -> nft.Value:
    names = {6: "tcp", 17: "udp"}
    first, last = box.protocols
    return names.get(first, first) if first == last else nft.span(first, last)
