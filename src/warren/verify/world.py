"""A topology and its surroundings, indexed for questions about single ports.

In: a topology and what the ground knows. Out: who listens where, what is permitted, what is exposed. Never makes a
flow.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

from warren.basis.address import Ports, Protocol
from warren.probe.ground import Surroundings
from warren.topology.model import (
    Address,
    Exposure,
    Host,
    PrefixPermission,
    ProgramPermission,
    Rate,
    Service,
    ServicePermission,
    Topology,
)

UNDECLARED_FIRST = 7777
UNDECLARED_HOST = 9
SSH = 22
EVERY_PORT = 4096

Listed = dict[tuple[str, str, Protocol], list[Ports]]


@dataclass(frozen=True, slots=True)
class World:
    """The indexes; `doors` are the exposures by the address at which they stand."""

    topology: Topology
    around: Surroundings
    services: Mapping[tuple[str, str, Protocol], list[Ports]]
    programs: Mapping[tuple[str, str, Protocol], list[Ports]]
    prefixes: Mapping[str, tuple[PrefixPermission, ...]]
    doors: Mapping[Address, tuple[Exposure, ...]]

    def may(self, source: str, target: str, protocol: Protocol, port: int) -> bool:
        """A need of `source` covers this port of service `target`."""
        if any(port in p for p in self.services.get((source, target, protocol), ())):
            return True
        visits = (visit for visit in self.topology.visits_of(source) if visit.entry == target)
        return any(port in p.ports for visit in visits for p in visit.ports if p.protocol is protocol)

    def may_use(self, source: str, host: str, protocol: Protocol, port: int) -> bool:
        """A need of `source` covers this port of host `host` itself."""
        return any(port in p for p in self.programs.get((source, host, protocol), ()))

    def door(self, address: Address, protocol: Protocol, port: int) -> Exposure | None:
        """The exposure that stands at this address and port."""
        for exposure in self.doors.get(address, ()):
            if exposure.protocol == protocol and port in exposure.ports:
                return exposure
        return None

    def lan_addresses(self, host: str) -> Iterator[Address]:
        """The addresses of a host on its LANs, once each."""
        yield from dict.fromkeys(a for s in self.around.lans.values() for a in s.hosts.get(host, ()))


def world(topology: Topology, around: Surroundings) -> World:
    """Index a topology."""
    services: Listed = defaultdict(list)
    programs: Listed = defaultdict(list)
    prefixes: dict[str, list[PrefixPermission]] = defaultdict(list)
    for permission in topology.permissions:
        match permission:
            case ServicePermission():
                services[permission.source, permission.target, permission.protocol].append(permission.ports)
            case ProgramPermission():
                programs[permission.source, permission.host, permission.protocol].append(permission.ports)
            case PrefixPermission():
                prefixes[permission.source].append(permission)
    listed = {source: tuple(found) for source, found in prefixes.items()}
    return World(topology, around, dict(services), dict(programs), listed, _doors(topology, around))


def _doors(topology: Topology, around: Surroundings) -> dict[Address, tuple[Exposure, ...]]:
    doors: dict[Address, list[Exposure]] = defaultdict(list)
    for exposure in topology.exposures:
        stands = exposure.addresses or {a for s in around.lans.values() for a in s.hosts.get(exposure.at, ())}
        for address in stands:
            doors[address].append(exposure)
    return {address: tuple(found) for address, found in doors.items()}


def within(addresses: Iterable[Address], prefixes: Iterable[IPv4Network | IPv6Network], family: int) -> bool:
    """One of the addresses of that family lies in one of the prefixes."""
    mine = [a for a in addresses if a.version == family]
    return any(a in p for p in prefixes if p.version == family for a in mine)


def samples(ports: Ports) -> tuple[int, ...]:
    """The ports of a range that are tried: first, middle, last."""
    return tuple(dict.fromkeys((ports.first, (ports.first + ports.last) // 2, ports.last)))


def undeclared(service: Service) -> int:
    """The port on which a stand-in listens although the file does not name it."""
    taken = [p.ports for p in service.ports]
    port = UNDECLARED_FIRST
    local = {p.listen for p in service.localhost}
    while port in local or any(port in p for p in taken):
        port += 1
    return port


def listening(service: Service) -> tuple[int, ...]:
    """The sampled ports of a service on which its stand-in answers, TCP and UDP alike."""
    declared = {n for p in service.ports for n in samples(p.ports)}
    return tuple(sorted({*declared, undeclared(service)}))


def numbers(service: Service) -> tuple[int, ...]:
    """The ports of a service that are tried: those that answer, and one just outside of each range."""
    taken = [p.ports for p in service.ports]
    beyond = {p.ports.last + 1 for p in service.ports if p.ports.first < p.ports.last < 65535}
    outside = {n for n in beyond if not any(n in p for p in taken)}
    return tuple(sorted({*listening(service), *outside}))


def ssh_port(host: Host) -> int:
    """The port of the host's own ssh."""
    return host.guard.ssh_port if host.guard is not None else SSH


def host_listening(host: Host) -> tuple[int, ...]:
    """The sampled ports of the host itself on which its stand-in answers: programs, ssh, what its guard lets in."""
    allowed = [ports for _, ports in host.guard.allow] if host.guard is not None else []
    named = {n for ports in (*(p.ports for p in host.programs), *allowed) for n in samples(ports)}
    return tuple(sorted({*named, ssh_port(host), UNDECLARED_HOST}))


def slow(limit: Rate | None) -> Rate | None:
    """The limit, where trying again soon would meet it."""
    return limit if limit is not None and limit.seconds >= limit.count else None


def answers(exposure: Exposure, port: int) -> int:
    """The port of the service behind port `port` of an exposure."""
    return exposure.target.first + port - exposure.ports.first
