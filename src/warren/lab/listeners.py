"""Which stand-in listens where.

In: a topology and the namespaces of its places. Out: the request for `stand_in.py`, as plain JSON values. Never opens a
socket.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, count
from typing import Any

from warren.basis.address import Ports
from warren.topology.model import Host, LocalPort, PrefixPermission, Role, Service, Topology

# A range of more ports than this is stood for by its first, middle and last.
WHOLE_RANGE = 4096
# Where a service that declares nothing of it listens too: what is not declared must be refused, not absent.
UNDECLARED = 7777
DISCARD = 9
SSH = 22
# What machines outside and neighbours offer to whoever may reach them.
OUTSIDE_PORTS = (9, 53, 80, 443)


def wanted(topology: Topology, namespaces: Mapping[str, str]) -> dict[str, Any]:
    """The request that makes every declared port answer, TCP and UDP, in every place that the lab has."""
    paths = {name: path for name, path in namespaces.items() if name not in topology.services}
    ports = {
        **{host.name: list(host_ports(host)) for host in topology.hosts.values()},
        **{name: list(outside_ports(topology)) for name in paths if name == "server" or name.startswith("lan:")},
    }
    listeners = [_listener(name, paths[name], its) for name, its in ports.items() if name in paths]
    services = [service for service in topology.services.values() if service.host in paths]
    for service in services:
        listeners.append(_listener(service.name, service_path(service, paths), list(service_ports(service))))
    return {"listeners": listeners, "relays": [relay for service in services for relay in _relays(service, paths)]}


def beside_systems(asked: Mapping[str, Any], topology: Topology) -> dict[str, Any]:
    """The same where hosts are whole systems: sshd answers there itself, and units carry what is found at a loopback.

    Who listens in place of sshd would keep it from starting when its machine boots again.
    """
    taken = {host.name: [host.guard.ssh_port if host.guard else SSH, SSH] for host in topology.hosts.values()}
    listeners = [{**each, "taken": taken.get(each["service"], [])} for each in asked["listeners"]]
    return {"listeners": listeners, "relays": []}


def service_path(service: Service, paths: Mapping[str, str]) -> str:
    """The service's namespace, whether it stands already or not."""
    return f"{paths[service.host].removesuffix('/ns/net')}/root/run/netns/{service.netns}"


def undeclared(service: Service) -> int:
    """A port at which the service's stand-in listens although nobody declared it."""
    taken = [port.ports for port in service.ports]
    local = {port.listen for port in service.localhost}
    return next(n for n in count(UNDECLARED) if n not in local and not any(n in ports for ports in taken))


def service_ports(service: Service) -> Iterator[Ports]:
    """Every port where a service's stand-in listens, in both protocols; a program of the network has its own."""
    if service.role is Role.DECLARED:
        yield from chain.from_iterable(_stood_for(port.ports) for port in service.ports)
    yield _one(undeclared(service))


def host_ports(host: Host) -> Iterator[Ports]:
    """Every port where a host's own stand-in listens: ssh, its programs, what its guard allows, and one undeclared."""
    yield _one(host.guard.ssh_port if host.guard else SSH)
    yield _one(DISCARD)
    allowed = (ports for _, ports in host.guard.allow) if host.guard else ()
    for ports in chain((port.ports for port in host.programs), allowed):
        yield from _stood_for(ports)


def outside_ports(topology: Topology) -> Iterator[Ports]:
    """Every port of a machine that is not the network's: the usual ones, and those that a permission names."""
    yield from map(_one, OUTSIDE_PORTS)
    for permission in topology.permissions:
        if isinstance(permission, PrefixPermission) and permission.ports:
            yield from _stood_for(permission.ports)


def _one(port: int) -> Ports:
    return Ports(port, port)


def _stood_for(ports: Ports) -> Iterator[Ports]:
    if len(ports) <= WHOLE_RANGE:
        yield ports
    else:
        yield from map(_one, (ports.first, (ports.first + ports.last) // 2, ports.last))


def _listener(name: str, path: str, ports: Iterable[Ports]) -> dict[str, Any]:
    return {"service": name, "netns": path, "ports": sorted({(p.first, p.last) for p in ports})}


def _relays(service: Service, paths: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for port in service.localhost:
        own = service_path(service, paths)
        yield {
            "service": service.name,
            "netns": own,
            "from": paths[service.host] if port.program_host == service.host else own,
            "listen": port.listen,
            **_target(port),
        }


def _target(port: LocalPort) -> dict[str, Any]:
    return {"v4": str(port.target.v4), "v6": str(port.target.v6), "port": port.port}
