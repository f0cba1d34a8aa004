"""What is declared for those who stand outside: the Internet and the neighbours on the LANs.

In: a world, an outside place, a target and the ports to try. Out: flows at public, LAN and inner addresses. Never
speaks of what a service may reach.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from warren.basis.address import Ports, Protocol
from warren.probe.ground import Segment
from warren.topology.model import Address, Exposure, Host, Service
from warren.verify.flow import INSIDE, LAN, OUTSIDE, Client, Flow
from warren.verify.world import World, answers, host_listening, samples, slow, ssh_port, within


def outsider_to_service(world: World, place: str, target: Service, ports: Iterable[int]) -> Iterator[Flow]:
    """The exposures of the service as far as this place may use them; every other way to it is closed."""
    for exposure in world.topology.exposures:
        if exposure.service == target.name:
            yield from _exposed(world, place, exposure)
    for port in ports:
        for protocol in Protocol:
            yield from _closed(world, place, target, protocol, port)


def outsider_to_host(world: World, place: str, target: Host, ports: Iterable[int]) -> Iterator[Flow]:
    """The host itself at the addresses that this place can see: what its guard lets in, or all that listens."""
    segment = world.around.lans.get(place)
    near = segment.hosts.get(target.name, ()) if segment else ()
    for port in ports:
        for protocol in Protocol:
            for address in _reachable(world, place, target.public):
                if _speaks_for_host(world, target, address, protocol, port):
                    yield _host_flow(world, place, target, address, protocol, port, OUTSIDE)
            for address in near:
                if world.door(address, protocol, port) is None:
                    yield _host_flow(world, place, target, address, protocol, port, LAN)
            yield from _host_inside(world, place, target, protocol, port)


def host_opens(host: Host, sources: Iterable[Address], protocol: Protocol, port: int, family: int) -> bool:
    """The host itself lets someone outside in at this port; it is asked only where it listens."""
    guard = host.guard
    if guard is None:
        return True
    if protocol is Protocol.TCP and port == guard.ssh_port:
        return not guard.ssh_from or within(sources, guard.ssh_from, family)
    return any(protocol == p and port in ports for p, ports in guard.allow)


def addresses_of(world: World, place: str, address: Address) -> tuple[Address, ...]:
    """The addresses with which an outside place appears at `address`: its own on its LAN, the outer ones elsewhere."""
    segment = world.around.lans.get(place)
    if segment and any(address in found for found in segment.hosts.values()):
        mine = [a for a in segment.neighbour if a.version == address.version]
        return tuple(sorted(mine, key=lambda a: int(a) ^ int(address))[:1])  # the kernel takes the longest match
    return world.around.seen.get(place, ())


def _exposed(world: World, place: str, exposure: Exposure) -> Iterator[Flow]:
    for address in _doors_for(world, place, exposure):
        own = addresses_of(world, place, address)
        may = not exposure.sources or within(own, exposure.sources, address.version)
        client = (Client.KEPT if exposure.keep else Client.HIDDEN) if may else None
        for port in samples(exposure.ports):
            yield Flow(
                place,
                exposure.service,
                address,
                port,
                exposure.protocol,
                may,
                exposure.at,
                exposure.service,
                answers(exposure, port),
                client=client,
                own=own,
                limit=slow(exposure.limit),
            )
        yield from _beside(world, place, exposure, address)


def _beside(world: World, place: str, exposure: Exposure, address: Address) -> Iterator[Flow]:
    """The other protocol of an exposed port, and the port just outside of an exposed range."""
    other = Protocol.UDP if exposure.protocol is Protocol.TCP else Protocol.TCP
    tries = [(other, port) for port in samples(exposure.ports)]
    if exposure.ports.first < exposure.ports.last < 65535:
        tries.append((exposure.protocol, exposure.ports.last + 1))
    host = world.topology.hosts[exposure.at]
    for protocol, port in tries:
        if not _taken(world, host, address, protocol, port):
            name = exposure.service
            yield Flow(place, name, address, port, protocol, False, OUTSIDE, name, answers(exposure, port))


def _doors_for(world: World, place: str, exposure: Exposure) -> Iterator[Address]:
    if not exposure.is_lan:
        yield from _reachable(world, place, exposure.addresses)
    elif segment := world.around.lans.get(place):
        yield from _on_segment(segment, exposure.at)


def _on_segment(segment: Segment, host: str) -> Iterator[Address]:
    families = {a.version for a in segment.neighbour}
    yield from (a for a in segment.hosts.get(host, ()) if a.version in families)


def _closed(world: World, place: str, target: Service, protocol: Protocol, port: int) -> Iterator[Flow]:
    name = target.name
    for host, address in _fronts(world, place, target):
        if not _taken(world, host, address, protocol, port):
            yield Flow(place, name, address, port, protocol, False, OUTSIDE, name, port)
    for address in target.addresses:
        yield Flow(place, name, address, port, protocol, False, INSIDE, name, port, main=False)


def _fronts(world: World, place: str, target: Service) -> Iterator[tuple[Host, Address]]:
    """Every public address, and the target's host on the LAN of the place."""
    for host in world.topology.gateways:
        for address in _reachable(world, place, host.public):
            yield host, address
    if segment := world.around.lans.get(place):
        for address in _on_segment(segment, target.host):
            yield world.topology.hosts[target.host], address


def _taken(world: World, host: Host, address: Address, protocol: Protocol, port: int) -> bool:
    """Something else stands there: an exposure, a port of the host itself, its tunnel."""
    if world.door(address, protocol, port) is not None:
        return True
    if protocol is Protocol.UDP and host.is_gateway and port == host.tunnel_port:
        return True
    guarded = host.guard is not None and not any(p == protocol and port in r for p, r in _allowed(host))
    return port in host_listening(host) and not guarded


def _allowed(host: Host) -> Iterator[tuple[Protocol, Ports]]:
    if host.guard is not None:
        yield Protocol.TCP, Ports(host.guard.ssh_port, host.guard.ssh_port)
        yield from host.guard.allow


def _reachable(world: World, place: str, addresses: Iterable[Address]) -> Iterator[Address]:
    families = {a.version for a in world.around.seen.get(place, ())}
    yield from (a for a in addresses if a.version in families)


def _speaks_for_host(world: World, host: Host, address: Address, protocol: Protocol, port: int) -> bool:
    """Not an exposure, not the tunnel; and a limited ssh port is tried at one address of a family only."""
    if world.door(address, protocol, port) is not None:
        return False
    if protocol is Protocol.UDP and port == host.tunnel_port:
        return False
    first = next(a for a in host.public if a.version == address.version)
    return address == first or protocol is Protocol.UDP or port != ssh_port(host)


def _host_flow(world: World, place: str, host: Host, address: Address, protocol: Protocol, port: int, via: str) -> Flow:
    sources = addresses_of(world, place, address)
    may = host_opens(host, sources, protocol, port, address.version)
    guard = host.guard if may and protocol is Protocol.TCP else None
    limit = slow(guard.ssh_limit) if guard and port == guard.ssh_port else None
    return Flow(place, host.name, address, port, protocol, may, via, host.name, port, own=sources, limit=limit)


def _host_inside(world: World, place: str, host: Host, protocol: Protocol, port: int) -> Iterator[Flow]:
    """The host's address on the network, asked from outside; where the host has no guard its neighbours may have it."""
    near = host.is_gateway or host.name in (world.around.lans[place].hosts if place in world.around.lans else ())
    if near and (host.guard is None or any(p == protocol and port in r for p, r in _allowed(host))):
        return
    for address in host.addresses:
        yield Flow(place, host.name, address, port, protocol, False, INSIDE, host.name, port, main=False)
