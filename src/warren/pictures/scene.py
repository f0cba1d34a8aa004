"""What every picture shows, in words.

In: a topology. Out: hosts with their boxes, doors, tunnels and permissions as short texts in the order of the file.
Never places anything, never reads an address that nobody would want to see.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from warren.basis.address import Ports, Protocol, overlaps
from warren.topology.model import (
    Egress,
    EgressKind,
    Exposure,
    Host,
    LocalPort,
    Port,
    PrefixPermission,
    ProgramPermission,
    Service,
    ServicePermission,
    Topology,
)

TIMES = {1: "s", 60: "min", 3600: "h", 86400: "day"}


@dataclass(frozen=True, slots=True)
class Slot:
    """A port where a box listens; `number` is written as in the file: `80`, `12345/udp`."""

    name: str
    number: str
    public: bool = False
    lan: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A service, or the programs of a host (then `egress` is None and the name that of the host).

    `beyond` are needs outside of the network, each with its way out where the box has none of its own; `egress` names
    those ways too. `local` is what answers at the box's own 127.0.0.1.
    """

    name: str
    slots: tuple[Slot, ...]
    egress: str | None = None
    beyond: tuple[str, ...] = ()
    local: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Door:
    """A way in from the Internet, or from the LAN `lan`, to a port of a service."""

    label: str
    service: str
    slot: str
    lan: str | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lan:
    """A LAN beside a host."""

    name: str
    prefixes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """A host with all that stands on it; `public` is empty where it is no gateway."""

    name: str
    public: tuple[str, ...]
    lans: tuple[Lan, ...]
    doors: tuple[Door, ...]
    boxes: tuple[Box, ...]
    guarded: bool
    tunnel_port: int


@dataclass(frozen=True, slots=True)
class Permit:
    """`source` may connect to `slot` of box `target`; `need` is the word of the file that says so."""

    source: str
    target: str
    slot: str
    need: str


@dataclass(frozen=True, slots=True)
class Scene:
    """The whole picture. A tunnel is (gateway, dialer); between two gateways there is one."""

    title: str
    gateways: tuple[Spot, ...]
    homes: tuple[Spot, ...]
    tunnels: tuple[tuple[str, str], ...]
    permits: tuple[Permit, ...]

    @property
    def spots(self) -> tuple[Spot, ...]:
        """All hosts, gateways first."""
        return (*self.gateways, *self.homes)


def scene(topology: Topology) -> Scene:
    """What there is to see."""
    spots = tuple(_spots(topology))
    return Scene(
        title=f"{topology.name}, {topology.domain}" if topology.domain else topology.name,
        gateways=tuple(spot for spot in spots if spot.public),
        homes=tuple(spot for spot in spots if not spot.public),
        tunnels=tuple(_tunnels(topology)),
        permits=tuple(_permits(topology)),
    )


def _tunnels(topology: Topology) -> Iterator[tuple[str, str]]:
    """Every tunnel once: two gateways dial each other, and the picture shows the first of both."""
    seen: set[tuple[str, str]] = set()
    for tunnel in topology.tunnels:
        if (tunnel.dialer, tunnel.gateway) not in seen:
            seen.add((tunnel.gateway, tunnel.dialer))
            yield tunnel.gateway, tunnel.dialer


# ── hosts ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _spots(topology: Topology) -> Iterator[Spot]:
    boxes: dict[str, list[Box]] = {name: [] for name in topology.hosts}
    beyond, opened = _beyond(topology), _Opened(topology)
    for service in topology.declared:
        boxes[service.host].append(_box(service, beyond.get(service.name, {}), opened))
    doors = _doors(topology)
    for host in topology.hosts.values():
        programs = [Box(host.name, tuple(map(_slot, host.programs)))] if host.programs else []
        yield _spot(host, tuple(doors.get(host.name, ())), (*boxes[host.name], *programs))


def _spot(host: Host, doors: tuple[Door, ...], boxes: tuple[Box, ...]) -> Spot:
    lans = tuple(Lan(lan.name, tuple(map(str, lan.prefixes))) for lan in host.lans)
    public = tuple(map(str, host.public))
    return Spot(host.name, public, lans, doors, boxes, host.guard is not None, host.tunnel_port)


class _Opened:
    """Which ports of which services anyone outside may reach, and from where."""

    def __init__(self, topology: Topology) -> None:
        self.public: dict[str, list[Exposure]] = {}
        self.lan: dict[str, list[Exposure]] = {}
        self.web = {(one.service, one.port.name) for one in topology.https}
        for exposure in topology.exposures:
            side = self.lan if exposure.is_lan else self.public
            side.setdefault(exposure.service, []).append(exposure)

    def slot(self, service: str, port: Port) -> Slot:
        """A port of a service, with who may reach it."""
        public = _covered(self.public.get(service, ()), port) or (service, port.name) in self.web
        return Slot(port.name, written(port.ports, port.protocol), public, _covered(self.lan.get(service, ()), port))


def _covered(exposures: Iterable[Exposure], port: Port) -> bool:
    return any(one.protocol == port.protocol and one.target.overlaps(port.ports) for one in exposures)


def _box(service: Service, beyond: Mapping[str, str], opened: _Opened) -> Box:
    slots = tuple(opened.slot(service.name, port) for port in service.ports)
    ways = dict.fromkeys((str(service.egress), *filter(None, beyond.values())))
    needs = tuple(f"{need} ▸ {way}" if way else need for need, way in beyond.items())
    return Box(service.name, slots, " + ".join(ways), needs, tuple(map(_local, service.localhost)))


def _local(port: LocalPort) -> str:
    return f"{port.need} at 127.0.0.1:{port.listen}"


def _beyond(topology: Topology) -> dict[str, dict[str, str]]:
    """What services need outside of the network, in the words of the file, and the way there that is not their own."""
    found: dict[str, dict[str, str]] = {}
    for permission in topology.needed:
        if isinstance(permission, PrefixPermission):
            numbers = f" ({written(permission.ports, permission.protocol or Protocol.TCP)})" if permission.ports else ""
            ways, need = found.setdefault(permission.source, {}), permission.need + numbers
            ways[need] = ways.get(need) or _other_way(topology.services[permission.source], permission.way)
    return found


def _other_way(service: Service, way: Egress) -> str:
    """A service that may not leave takes another way where a need of it says so; the LAN shows in the need itself."""
    leaves = (EgressKind.DIRECT, EgressKind.GATEWAY)
    return str(way) if way.kind in leaves and service.egress.kind not in leaves else ""


def _slot(port: Port) -> Slot:
    return Slot(port.name, written(port.ports, port.protocol))


def written(ports: Ports, protocol: Protocol) -> str:
    """A port as in the file: TCP goes without saying."""
    return str(ports) if protocol == Protocol.TCP else f"{ports}/{protocol}"


# ── doors ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _doors(topology: Topology) -> dict[str, list[Door]]:
    found: dict[str, list[Door]] = {}
    for web in topology.https:
        label = web.name if web.path == "/" else f"{web.name}{web.path}"
        found.setdefault(web.at, []).append(Door(label, web.service, web.port.name, remarks=("https",)))
    names = _Names(topology)
    for exposure in topology.exposed:
        doors = found.setdefault(exposure.at, [])
        label = written(exposure.ports, exposure.protocol)
        slot = names.slot(exposure.service, exposure.protocol, exposure.target)
        lans = _lans(topology.hosts[exposure.at], exposure) if exposure.is_lan else (None,)
        doors.extend(Door(label, exposure.service, slot, lan, tuple(_remarks(exposure))) for lan in lans)
    return found


def _lans(host: Host, exposure: Exposure) -> tuple[str, ...]:
    """The LANs of the host from which somebody may come in."""
    return tuple(
        lan.name
        for lan in host.lans
        if not exposure.sources or any(overlaps(own, source) for own in lan.prefixes for source in exposure.sources)
    )


def _remarks(exposure: Exposure) -> Iterator[str]:
    if exposure.sources and not exposure.is_lan:
        more = f" and {len(exposure.sources) - 1} more" if len(exposure.sources) > 1 else ""
        yield f"from {exposure.sources[0]}{more}"
    if exposure.limit:
        yield f"{exposure.limit.count}/{TIMES.get(exposure.limit.seconds, f'{exposure.limit.seconds}s')}"
    if not exposure.keep:
        yield "client hidden"


# ── permissions ───────────────────────────────────────────────────────────────────────────────────────────────────────


class _Names:
    """The names of ports by who listens there."""

    def __init__(self, topology: Topology) -> None:
        owners: dict[str, tuple[Port, ...]] = {one.name: one.ports for one in topology.services.values()}
        owners |= {one.name: one.programs for one in topology.hosts.values()}
        self.exact = {
            (owner, port.protocol, port.ports): port.name for owner, ports in owners.items() for port in ports
        }
        self.owners = owners

    def slot(self, owner: str, protocol: Protocol, ports: Ports) -> str:
        """The name of the port, that of the range around it, or its number."""
        if name := self.exact.get((owner, protocol, ports)):
            return name
        around = (one for one in self.owners[owner] if one.protocol == protocol and one.ports.overlaps(ports))
        return next((one.name for one in around), written(ports, protocol))


def _permits(topology: Topology) -> Iterator[Permit]:
    """Every permission inside the network; a port of one name over TCP and UDP is one."""
    names = _Names(topology)
    seen: set[Permit] = set()
    for one in topology.needed:
        if isinstance(one, PrefixPermission):
            continue
        target = _target(one)
        permit = Permit(one.source, target, names.slot(target, one.protocol, one.ports), one.need)
        if permit not in seen:
            seen.add(permit)
            yield permit


def _target(permission: ServicePermission | ProgramPermission) -> str:
    return permission.target if isinstance(permission, ServicePermission) else permission.host
