"""What is declared between the services and hosts of the network.

In: a world, a source, a target and the ports to try. Out: flows at the target's own addresses, at its loopback ports
and at its public ports. Never speaks of anyone outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv6Address

from warren.basis.address import Protocol
from warren.topology.model import Address, EgressKind, Exposure, Host, LocalPort, Service
from warren.verify.flow import INSIDE, LAN, LOCALHOST, Client, Flow
from warren.verify.world import World, answers, host_listening, listening, samples, slow, within

LOOPBACKS: tuple[Address, ...] = (IPv4Address("127.0.0.1"), IPv6Address("::1"))


def service_to_service(world: World, source: Service, target: Service, ports: Iterable[int]) -> Iterator[Flow]:
    """At the target's own addresses: what the source needs, with the source's own address; then by the public ports."""
    own = tuple(source.addresses)
    for port in ports:
        for protocol in Protocol:
            may = world.may(source.name, target.name, protocol, port)
            kept = Client.KEPT if may else None
            for address in target.addresses:
                yield _flow(source.name, target.name, address, port, protocol, may, client=kept, own=own)
    yield from _hairpin(world, source.name, target, _exit(source), tuple(source.addresses))


def service_to_host(world: World, source: Service, target: Host, ports: Iterable[int]) -> Iterator[Flow]:
    """At the host's own pair: the programs that the source needs; at the LAN addresses of its own host: nothing."""
    listens = host_listening(target)
    lan = tuple(world.lan_addresses(target.name)) if source.host == target.name else ()
    for port in ports:
        for protocol in Protocol:
            may = port in listens and world.may_use(source.name, target.name, protocol, port)
            for address in target.addresses:
                yield _flow(source.name, target.name, address, port, protocol, may)
            for address in lan:
                if world.door(address, protocol, port) is None:
                    yield _flow(source.name, target.name, address, port, protocol, False, via=LAN, main=False)


def loopback(world: World, source: Service) -> Iterator[Flow]:
    """The needed ports that answer at the source's own loopback."""
    for local in source.localhost:
        name = _owner(world, local)
        for address in LOOPBACKS:
            yield Flow(
                source.name, name, address, local.listen, Protocol.TCP, True, LOCALHOST, name, local.port, main=False
            )


def host_to_service(world: World, source: Host, target: Service, ports: Iterable[int]) -> Iterator[Flow]:
    """A host reaches all of its own services and none of another host's; then by the public ports.

    A gateway speaks for everyone outside, so it reaches what is exposed at it: those services and ports, no others. A
    host speaks for the LAN where it offers a service of another one.
    """
    near = source.name == target.host
    listens = listening(target)
    # only by its own tunnel: between two gateways the network's traffic may take the other's
    speaks = world.topology.ways.get((source.name, target.host)) == source.name
    for port in ports:
        if near and port not in listens:
            continue
        for protocol in Protocol:
            exposed = _exposed(world, source.name, target.name, protocol, port, lan=False)
            may = near or (speaks and exposed) or _exposed(world, source.name, target.name, protocol, port, lan=True)
            for address in target.addresses:
                yield _flow(source.name, target.name, address, port, protocol, may)
    yield from _hairpin(world, source.name, target, source.name, tuple(source.addresses))


def host_to_host(source: Host, target: Host, ports: Iterable[int]) -> Iterator[Flow]:
    """Hosts do not trust each other: nothing is open at their own addresses on the network, but ssh to one led to."""
    led = target.ssh_inside and target.ssh_via == source.name
    for port in ports:
        for protocol in Protocol:
            for address in target.addresses:
                opened = led and protocol is Protocol.TCP and port == target.ssh_port
                yield _flow(source.name, target.name, address, port, protocol, opened)


def _flow(
    source: str,
    target: str,
    address: Address,
    port: int,
    protocol: Protocol,
    opened: bool,
    *,
    via: str = INSIDE,
    main: bool = True,
    client: Client | None = None,
    own: tuple[Address, ...] = (),
) -> Flow:
    return Flow(source, target, address, port, protocol, opened, via, target, port, main, client, own)


def _exit(service: Service) -> str | None:
    match service.egress.kind:
        case EgressKind.DIRECT:
            return service.host
        case EgressKind.GATEWAY:
            return service.egress.gateway
        case _:
            return None


def _hairpin(
    world: World, source: str, target: Service, leaves: str | None, own: tuple[Address, ...]
) -> Iterator[Flow]:
    """The public ports of the target, asked from within: the outside's answer for who may leave, silence for others."""
    seen = world.around.seen.get(leaves, ()) if leaves else ()
    services = world.topology.services
    for exposure in world.topology.exposures:
        if exposure.service != target.name or exposure.is_lan:
            continue
        for address in exposure.addresses:
            family = address.version
            if exposure.sources and (source == exposure.at or within((*seen, *own), exposure.sources, family)):
                continue  # whether a limit of sources sees the inner address or the outer one is not declared
            if leaves == target.host != exposure.at and _comes_home(world, target.host, seen, family):
                continue
            # its own host's doors stand before the way out: they answer also where that way lacks the family
            near = leaves is not None and source in services and services[source].host == exposure.at
            may = not exposure.sources and (near or any(a.version == family for a in seen))
            for port in samples(exposure.ports):
                yield _public(source, exposure, address, port, may, seen)


def _exposed(world: World, at: str, service: str, protocol: Protocol, port: int, *, lan: bool) -> bool:
    return any(
        e.is_lan == lan and (e.at, e.service, e.protocol) == (at, service, protocol) and port in e.target
        for e in world.topology.exposures
    )


def _comes_home(world: World, host: str, seen: tuple[Address, ...], family: int) -> bool:
    """The packet would come back to its own host with that host's address as its source, which no kernel answers."""
    own = {*world.lan_addresses(host), *world.topology.hosts[host].public}
    return any(a.version == family and a in own for a in seen)


def _public(source: str, exposure: Exposure, address: Address, port: int, may: bool, seen: tuple[Address, ...]) -> Flow:
    return Flow(
        source,
        exposure.service,
        address,
        port,
        exposure.protocol,
        may,
        exposure.at,
        exposure.service,
        answers(exposure, port),
        main=False,
        own=seen,
        limit=slow(exposure.limit) if may else None,
    )


def _owner(world: World, local: LocalPort) -> str:
    if local.program_host is not None:
        return local.program_host
    for service in world.topology.services.values():
        if service.addresses == local.target:
            return service.name
    return local.need.partition(".")[0]
