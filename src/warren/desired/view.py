"""One host's side of the topology.

In: the whole topology, read once. Out: for each host what concerns it, so that no part looks at what does not and the
work grows with the network, not with its square. Never holds technology.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from warren.topology.model import (
    EgressKind,
    Exposure,
    Host,
    Permission,
    PrefixPermission,
    ProgramPermission,
    Service,
    ServicePermission,
    Topology,
    Tunnel,
    Visit,
)


@dataclass(frozen=True, slots=True)
class HostView:
    """What concerns `host`: its services, its ends of tunnels, the permissions and exposures whose packets it sees.

    `leaving` are services of other hosts that leave through this gateway; `keys` maps hosts to public keys. `visitors`
    are the services of every host that visit entries, `usual` is how many connections most services may have: all
    views hold the same.
    """

    topology: Topology
    host: Host
    keys: Mapping[str, str]
    services: list[Service] = field(default_factory=list)
    tunnels: list[Tunnel] = field(default_factory=list)
    permissions: list[Permission] = field(default_factory=list)
    exposures: list[Exposure] = field(default_factory=list)
    leaving: list[Service] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    visitors: Mapping[str, list[Service]] = field(default_factory=dict)
    usual: int | None = None

    @property
    def dialled(self) -> Iterator[Tunnel]:
        """Tunnels to other gateways: their far ends may send from any address."""
        return (t for t in self.tunnels if t.dialer == self.host.name)

    @property
    def served(self) -> list[Tunnel]:
        """Tunnels that other hosts dial here."""
        return [t for t in self.tunnels if t.gateway == self.host.name]

    @property
    def interfaces(self) -> tuple[str, ...]:
        """The tunnels' interface names, each once."""
        return tuple(dict.fromkeys(t.interface for t in self.tunnels))

    def way_to(self, other: str) -> str | None:
        """The interface that carries the network's own traffic to another host; None when there is no way."""
        gateway = self.topology.ways.get((self.host.name, other))
        if gateway is None:
            return None
        return next((t.interface for t in self.tunnels if t.gateway == gateway), None)


def views(topology: Topology, keys: Mapping[str, str]) -> dict[str, HostView]:
    """A view for every host; one pass over services, tunnels, permissions and exposures."""
    visitors: dict[str, list[Service]] = {name: [] for name in topology.hosts}
    usual = usual_limit(topology)
    made = {name: HostView(topology, one, keys, visitors=visitors, usual=usual) for name, one in topology.hosts.items()}
    for service in topology.services.values():
        if service.visits:
            visitors[service.host].append(service)
        made[service.host].services.append(service)
        if service.egress.kind is EgressKind.GATEWAY and service.egress.gateway:
            made[service.egress.gateway].leaving.append(service)
    for tunnel in topology.tunnels:
        made[tunnel.gateway].tunnels.append(tunnel)
        made[tunnel.dialer].tunnels.append(tunnel)
    for permission in topology.permissions:
        for name in _concerned(topology, permission):
            made[name].permissions.append(permission)
    for visit in (each for held in topology.visits.values() for each in held):
        for name in _path(topology, visit.host, topology.services[visit.entry].host):
            made[name].visits.append(visit)
    for exposure in topology.exposures:
        for name in _path(topology, exposure.at, topology.services[exposure.service].host):
            made[name].exposures.append(exposure)
    return made


def _concerned(topology: Topology, permission: Permission) -> tuple[str, ...]:
    source = topology.services[permission.source].host
    if isinstance(permission, ServicePermission):
        return _path(topology, source, topology.services[permission.target].host)
    if isinstance(permission, ProgramPermission):
        return _path(topology, source, permission.host)
    return _exit(source, permission)


def _exit(source: str, permission: PrefixPermission) -> tuple[str, ...]:
    gateway = permission.way.gateway
    return (source,) if gateway is None or gateway == source else (source, gateway)


def _path(topology: Topology, start: str, end: str) -> tuple[str, ...]:
    gateway = topology.ways.get((start, end))
    return tuple(dict.fromkeys((start, *([gateway] if gateway else []), end)))


def usual_limit(topology: Topology) -> int | None:
    """What most services have, so that it needs no words for each: of two as frequent ones the larger."""
    found = Counter(each.connections for each in topology.declared)
    return max(found, key=lambda limit: (found[limit], limit or 0), default=None)
