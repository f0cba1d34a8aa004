"""What is declared of the connections that leave the network.

In: a world and a service or host. Out: flows to the server in the Internet and to the neighbours on the LANs. Never
speaks of what comes in.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network

from warren.basis.address import Protocol
from warren.topology.model import Address, EgressKind, Host, PrefixPermission, Service
from warren.verify.flow import LAN, OUTSIDE, Flow
from warren.verify.world import World, within

SERVER = "server"
# no egress leads to these, so a neighbour there is not the Internet's
PRIVATE = tuple(ip_network(p) for p in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fe80::/10"))


def service_to_server(world: World, source: Service) -> Iterator[Flow]:
    """To a machine in the Internet, which must see the address of the way that was declared."""
    for port in world.around.server_ports:
        for protocol in Protocol:
            for address in world.around.server:
                leaves = way_out(world, source, protocol, port, address)
                yield _to_server(world, source.name, leaves, address, port, protocol)


def host_to_server(world: World, source: Host) -> Iterator[Flow]:
    """A host's own connections leave as they would without us."""
    for port in world.around.server_ports:
        for protocol in Protocol:
            for address in world.around.server:
                yield _to_server(world, source.name, source.name, address, port, protocol)


def service_to_neighbour(world: World, source: Service, place: str) -> Iterator[Flow]:
    """To a machine on a LAN: only from a host that stands on it, and only where egress or a need says so."""
    segment = world.around.lans[place]
    beside = source.host in segment.hosts
    for port in world.around.neighbour_ports:
        for protocol in Protocol:
            for address in segment.neighbour:
                if beside and _is_public(world, source, protocol, port, address):
                    continue
                may = beside and _may_lan(world, source, protocol, port, address)
                yield Flow(source.name, place, address, port, protocol, may, LAN, place, port)


def way_out(world: World, source: Service, protocol: Protocol, port: int, address: Address) -> str | None:
    """The host by which a connection of the service enters the Internet; None where it may not."""
    for permission in world.prefixes.get(source.name, ()):
        if permission.way.kind is not EgressKind.LAN and _covers(permission, protocol, port, address):
            return permission.way.gateway or source.host
    if source.egress.kind is EgressKind.DIRECT:
        return source.host
    return source.egress.gateway if source.egress.kind is EgressKind.GATEWAY else None


def _to_server(world: World, source: str, leaves: str | None, address: Address, port: int, protocol: Protocol) -> Flow:
    own = tuple(a for a in world.around.seen.get(leaves or "", ()) if a.version == address.version)
    via = leaves or OUTSIDE
    return Flow(source, SERVER, address, port, protocol, bool(own), via, SERVER, port, own=own, leaves=leaves)


def _is_public(world: World, source: Service, protocol: Protocol, port: int, address: Address) -> bool:
    """The file does not say that this address belongs to the LAN, and the service may reach the Internet."""
    lans = world.topology.hosts[source.host].lans
    stated = within([address], [p for lan in lans for p in lan.prefixes], address.version)
    private = within([address], PRIVATE, address.version)
    return not stated and not private and way_out(world, source, protocol, port, address) == source.host


def _may_lan(world: World, source: Service, protocol: Protocol, port: int, address: Address) -> bool:
    host = world.topology.hosts[source.host]
    on_lan = within([address], [p for lan in host.lans for p in lan.prefixes], address.version)
    if source.egress.kind is EgressKind.LAN and on_lan:
        return True
    needs = world.prefixes.get(source.name, ())
    return any(n.way.kind is EgressKind.LAN and _covers(n, protocol, port, address) for n in needs)


def _covers(permission: PrefixPermission, protocol: Protocol, port: int, address: Address) -> bool:
    if permission.protocol is not None and permission.protocol != protocol:
        return False
    if permission.ports is not None and port not in permission.ports:
        return False
    return within([address], permission.prefixes, address.version)
