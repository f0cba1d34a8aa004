"""A question as the packets that it stands for.

In: a question, the topology and what surrounds it. Out: one flow for each family in which it can be asked. Never judges
whether a flow may pass.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address

from warren.basis.ports import Protocol
from warren.explain.ground import SERVER, address_of, neighbour_of
from warren.explain.question import End, Question
from warren.probe.ground import Surroundings
from warren.prove.header import Packet, packet
from warren.prove.outside import INTERNET
from warren.topology.model import (
    Address,
    Exposure,
    Permission,
    PrefixPermission,
    ProgramPermission,
    Service,
    ServicePermission,
    Topology,
)

# What is asked of somebody outside of whom no port is named.
WEB = 443
SSH = 22


@dataclass(frozen=True, slots=True)
class Flow:
    """A connection to be explained. It starts at `node`, or comes to it from outside by the uplink to `by`.

    `place` is where it is asked from, `name` for whom it is meant; `need` or `exposure` is the line that allows it.
    `through` is the port of the asker's loopback that carries it.
    """

    place: str
    node: str
    by: str | None
    source: Address
    target: Address
    port: int
    protocol: str
    name: str
    need: Permission | None = None
    exposure: Exposure | None = None
    through: int | None = None

    @property
    def family(self) -> int:
        return self.target.version

    @property
    def packet(self) -> Packet:
        """The first packet of it."""
        return packet(str(self.source), str(self.target), self.protocol, self.port)

    @property
    def inner_port(self) -> int:
        """The port at which the one who is meant listens."""
        if self.exposure is None:
            return self.port
        return self.exposure.target.first + self.port - self.exposure.ports.first


def flows(topology: Topology, around: Surroundings, question: Question) -> tuple[Flow, ...]:
    """Every flow of a question, IPv4 before IPv6."""
    asking = _Asking(topology, around, question)
    return tuple(flow for version in (4, 6) for flow in asking.flows(version))


@dataclass(frozen=True, slots=True)
class _Asking:
    topology: Topology
    around: Surroundings
    question: Question

    def flows(self, version: int) -> Iterator[Flow]:
        if self.question.source.is_inside:
            yield from self._from_inside(version)
        else:
            yield from self._from_outside(version)

    # from a service or a host

    def _from_inside(self, version: int) -> Iterator[Flow]:
        source, asked = self.question.source, self.question.target
        for target in self._inner_targets(asked, version):
            own = self._own(source, target)
            if own is None:
                continue
            need = self._need(source, asked, target)
            port, protocol = self._inner_port(asked, need)
            door = self._door(target, port, protocol)
            through = self.question.through
            yield Flow(source.name, source.name, None, own, target, port, protocol, asked.name, need, door, through)

    def _inner_targets(self, asked: End, version: int) -> Iterator[Address]:
        found: Address | None
        if asked.address is not None:
            found = asked.address
        elif asked.service or asked.host:
            pair = (asked.service or asked.host).addresses  # type: ignore[union-attr]
            found = pair.v4 if version == 4 else pair.v6
        elif asked.name in self.around.lans:
            found = neighbour_of(self.around, asked.name, version)
        else:
            found = next((each for each in self.around.server or SERVER if each.version == version), None)
        if found is not None and found.version == version:
            yield found

    def _own(self, source: End, target: Address) -> Address | None:
        of = source.service or source.host
        assert of is not None
        pair = of.addresses
        own = pair.v4 if target.version == 4 else pair.v6
        if source.service or target in self.topology.prefix4 or target in self.topology.prefix6:
            return own
        given = (*self.around.seen.get(source.name, ()), *(of.public if source.host else ()))  # type: ignore[union-attr]
        near = [a for segment in self.around.lans.values() for a in segment.hosts.get(source.name, ())]
        return next((each for each in (*near, *given) if each.version == target.version), None)

    def _need(self, source: End, asked: End, target: Address) -> Permission | None:
        port, protocol = self.question.port, self.question.protocol
        for each in (*self.topology.permissions, *self.topology.visiting(source.name)):
            if each.source == source.name and _is_for(each, asked, target) and _covers(each, port, protocol):
                return each
        return None

    def _inner_port(self, asked: End, need: Permission | None) -> tuple[int, str]:
        if self.question.port is not None:
            named = self.question.protocol or _declared(asked, self.question.port)
            return self.question.port, named or (need.protocol.value if need and need.protocol else "tcp")
        if need is not None and need.ports is not None and need.protocol is not None:
            return need.ports.first, need.protocol.value
        return _first_port(asked)

    def _door(self, target: Address, port: int, protocol: str) -> Exposure | None:
        """Who asks for a public address of the network from inside goes through the exposure there."""
        for each in self.topology.exposures:
            if target in each.addresses and each.protocol == protocol and port in each.ports:
                return each
        return None

    # from outside

    def _from_outside(self, version: int) -> Iterator[Flow]:
        exposures = [each for each in self._offers() if self._is_meant(each)]
        made = [flow for each in exposures for flow in self._through(each, version)]
        if not exposures:
            made = list(self._bare(version))
        # One address of a family is enough: they differ in nothing.
        yield from made[:1]

    def _offers(self) -> Iterator[Exposure]:
        """The exposures of whom is asked; for a neighbour those of its LAN first."""
        asked = self.question.target
        near = self._hosts_nearby()
        if asked.address is not None and asked.service is None:
            doors = self._hosts_with(asked.address)
            yield from (
                e for e in self.topology.exposures if asked.address in e.addresses or (e.is_lan and e.at in doors)
            )
        mine = [each for each in self.topology.exposures if asked.service and each.service == asked.name]
        yield from (each for each in mine if each.is_lan and each.at in near)
        yield from (each for each in mine if not each.is_lan)

    def _hosts_nearby(self) -> tuple[str, ...]:
        segment = self.around.lans.get(self.question.source.name)
        return tuple(segment.hosts) if segment else ()

    def _hosts_with(self, address: Address) -> tuple[str, ...]:
        """The hosts that have an address on a LAN."""
        segments = self.around.lans.values()
        return tuple(host for segment in segments for host, own in segment.hosts.items() if address in own)

    def _is_meant(self, exposure: Exposure) -> bool:
        port, protocol = self.question.port, self.question.protocol
        if protocol is not None and exposure.protocol != protocol:
            return False
        if port is None:
            return True
        if self.question.target.service is None:
            return port in exposure.ports
        return port in exposure.target if self.question.named else port in exposure.ports or port in exposure.target

    def _through(self, exposure: Exposure, version: int) -> Iterator[Flow]:
        port = self._door_port(exposure)
        wanted = self.question.target.address
        addresses = exposure.addresses if wanted is None or wanted not in exposure.addresses else (wanted,)
        if exposure.is_lan and exposure.sources and all(each.version != version for each in exposure.sources):
            return  # the LAN has no prefix of this family
        for node, by, source, target in self._entries(exposure.at, addresses, version):
            name, protocol = exposure.service, exposure.protocol.value
            place = self.question.source.name
            yield Flow(place, node, by, source, target, port, protocol, name, exposure=exposure)

    def _door_port(self, exposure: Exposure) -> int:
        port = self.question.port
        if port is None:
            return exposure.ports.first
        if not self.question.named and port in exposure.ports:
            return port
        return exposure.ports.first + port - exposure.target.first

    def _entries(
        self, host: str, public: tuple[Address, ...], version: int
    ) -> Iterator[tuple[str, str, Address, Address]]:
        """Where it comes in: node, uplink, the source as it is seen there, the target."""
        place = self.question.source.name
        segment = self.around.lans.get(place)
        if segment and host in segment.hosts and not public:
            own = neighbour_of(self.around, place, version)
            for target in segment.hosts[host]:
                if target.version == version and own is not None:
                    yield host, place, own, target
            return
        seen = self.question.source.address or address_of(self.around, place, version)
        for target in public:
            if target.version == version and seen is not None and seen.version == version:
                yield host, INTERNET, seen, target

    def _bare(self, version: int) -> Iterator[Flow]:
        """Nothing is exposed: what would happen at the nearest door."""
        asked = self.question.target
        port, protocol = self.question.port, self.question.protocol
        if port is None:
            port, protocol = _first_port(asked)
        protocol = protocol or _declared(asked, port) or "tcp"
        for host in self._doors(asked):
            for node, by, source, target in self._entries(host, self._front(host), version):
                wanted = asked.address if asked.address is not None else target
                if wanted.version == version:
                    place = self.question.source.name
                    yield Flow(place, node, by, source, wanted, port, protocol, asked.name)

    def _doors(self, asked: End) -> Iterator[str]:
        near = self._hosts_nearby()
        if asked.host is not None and (asked.host.public or asked.name in near):
            yield asked.name
            return
        where = asked.service.host if asked.service else asked.name
        if where in near:
            yield where
        yield from (host.name for host in self.topology.gateways)

    def _front(self, host: str) -> tuple[Address, ...]:
        return () if host in self._hosts_nearby() else self.topology.hosts[host].public


def _is_for(permission: Permission, asked: End, target: Address) -> bool:
    match permission:
        case ServicePermission():
            return asked.service is not None and permission.target == asked.name
        case ProgramPermission():
            return asked.host is not None and permission.host == asked.name
        case PrefixPermission():
            return any(target in prefix for prefix in permission.prefixes if prefix.version == target.version)


def _covers(permission: Permission, port: int | None, protocol: str | None) -> bool:
    if port is not None and permission.ports is not None and port not in permission.ports:
        return False
    return protocol is None or permission.protocol is None or permission.protocol == protocol


def _declared(asked: End, port: int) -> str | None:
    """The protocol of a declared port."""
    ports = asked.service.ports if asked.service else asked.host.programs if asked.host else ()
    return next((each.protocol.value for each in ports if port in each.ports), None)


def _first_port(asked: End) -> tuple[int, str]:
    if asked.service and asked.service.ports:
        first = asked.service.ports[0]
        return first.ports.first, first.protocol.value
    if asked.host and asked.host.programs:
        first = asked.host.programs[0]
        return first.ports.first, first.protocol.value
    return (SSH if asked.host else WEB), Protocol.TCP.value


def service_of(topology: Topology, address: str) -> Service | None:
    """The service that has an address."""
    wanted = ip_address(address)
    return next((each for each in topology.services.values() if wanted in each.addresses), None)
