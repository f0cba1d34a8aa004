"""Permissions: what each service may connect to, and what answers at its localhost.

In: the `needs` of every service. Out: the topology with permissions and local ports. Never permits what is not written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from warren.basis.address import METADATA4, METADATA6, Protocol, host_prefix, intersect, subtract
from warren.basis.diagnostic import Place
from warren.spec.model import To
from warren.spec.reference import LanOf, Outside, Problem, Program, ServicePort
from warren.topology.ground import Ground, refuse
from warren.topology.model import (
    Egress,
    EgressKind,
    LocalPort,
    Pair,
    Permission,
    Port,
    Prefix,
    PrefixPermission,
    ProgramPermission,
    Service,
    ServicePermission,
    Topology,
)

MOST = 1_000_000
METADATA: tuple[Prefix, ...] = (*map(host_prefix, METADATA4), *map(host_prefix, METADATA6))
PortsOf: TypeAlias = Mapping[tuple[str, str], tuple[Port, ...]]


@dataclass(frozen=True, slots=True)
class _Word:
    """One word of one need of one service."""

    source: Service
    need: To
    text: str
    place: Place | None


def permit(ground: Ground, topology: Topology) -> Topology:
    """Every need of every service, once each."""
    found: dict[tuple[object, ...], Permission] = {}
    ports = _ports(topology)
    for permission in (one for word in _words(ground, topology) for one in _permissions(ground, topology, ports, word)):
        found.setdefault(_key(permission), permission)
        if len(found) > MOST:
            refuse("too-many", f"the needs of the file are more than {MOST:,} permissions", permission.place)
    permissions = tuple(found.values())
    return replace(topology, permissions=permissions, services=_with_localhost(ground, topology, ports))


def _key(permission: Permission) -> tuple[object, ...]:
    match permission:
        case ServicePermission():
            return (0, permission.source, permission.target, permission.protocol, permission.ports)
        case ProgramPermission():
            return (1, permission.source, permission.host, permission.protocol, permission.ports)
    return (2, permission.source, permission.prefixes, permission.protocol, permission.ports, permission.way)


def _ports(topology: Topology) -> PortsOf:
    """The ports of every service and host by their names; one name may stand for TCP and UDP."""
    found: dict[tuple[str, str], tuple[Port, ...]] = {}
    for name, ports in (
        *((one.name, one.ports) for one in topology.services.values()),
        *((one.name, one.programs) for one in topology.hosts.values()),
    ):
        for port in ports:
            found[name, port.name] = (*found.get((name, port.name), ()), port)
    return found


def _words(ground: Ground, topology: Topology) -> Iterator[_Word]:
    for name, written in ground.spec.services.items():
        for index, need in enumerate(written.needs):
            for number, text in enumerate(need.to):
                place = ground.spec.place("services", name, "needs", index, "to", number)
                yield _Word(topology.services[name], need, text, place)


def _permissions(ground: Ground, topology: Topology, ports: PortsOf, word: _Word) -> Iterator[Permission]:
    found = ground.directory.find(word.text, word.source.name)
    if isinstance(found, Problem):
        refuse(found.code, found.sentence, word.place, found.hint)
    for target in found:
        match target:
            case ServicePort(service, port):
                _check_way(topology, word, topology.services[service].host)
                for one in ports[service, port]:
                    yield ServicePermission(word.source.name, service, one.protocol, one.ports, word.text, word.place)
            case Program(host, program):
                _check_way(topology, word, host)
                for one in ports[host, program]:
                    yield ProgramPermission(word.source.name, host, one.protocol, one.ports, word.text, word.place)
            case LanOf(host, lan):
                yield from _lan(topology, word, host, lan)
            case Outside(prefix):
                yield from _outside(topology, word, prefix)


def _check_way(topology: Topology, word: _Word, host: str) -> None:
    own = word.source.host
    if host != own and (own, host) not in topology.ways:
        summary = (
            f"`{word.source.name}` on `{own}` cannot reach `{word.text}` on `{host}`: no gateway joins the two hosts"
        )
        refuse("no-way", summary, word.place, _mended(topology, own, host))


def _mended(topology: Topology, own: str, host: str) -> str:
    for one, other in ((own, host), (host, own)):
        if topology.hosts[other].is_gateway:
            return f"name `{other}` among the `gateways` of `{one}`"
    return "let both dial the same gateway"


def _lan(topology: Topology, word: _Word, host: str, lan: str | None) -> Iterator[Permission]:
    if host != word.source.host:
        summary = f"`{word.source.name}` runs on `{word.source.host}` and cannot need the LAN of `{host}`"
        refuse("lan-elsewhere", summary, word.place, f"run it on `{host}`, or need a program of that host")
    prefixes = (p for one in topology.hosts[host].lans if lan in (None, one.name) for p in one.prefixes)
    yield from _prefixes(topology, word, subtract(prefixes, word.need.except_), Egress(EgressKind.LAN))


def _outside(topology: Topology, word: _Word, prefix: Prefix) -> Iterator[Permission]:
    """The part of a prefix on the host's LANs by the LAN, the rest as the service leaves."""
    host = topology.hosts[word.source.host]
    needed = subtract([prefix], word.need.except_)
    beside = intersect(needed, [one for lan in host.lans for one in lan.prefixes])
    egress = next((one for one in (word.source.egress, host.egress) if one.kind in LEAVING), Egress(EgressKind.DIRECT))
    found = (
        *_prefixes(topology, word, beside, Egress(EgressKind.LAN)),
        *_prefixes(topology, word, subtract(needed, beside), egress),
    )
    if not found:
        refuse("empty-need", f"nothing is left of the need `{word.text}`", word.place, WHY_EMPTY)
    yield from found


LEAVING = (EgressKind.DIRECT, EgressKind.GATEWAY)
WHY_EMPTY = "parts of the network are needed by name, metadata addresses are always denied, and `except` takes away"


def _prefixes(topology: Topology, word: _Word, prefixes: Iterable[Prefix], way: Egress) -> Iterator[Permission]:
    kept = subtract(prefixes, (topology.prefix4, topology.prefix6, *METADATA))
    if not kept:
        return
    for one in word.need.ports or [None]:
        for protocol in one.protocols if one else (None,):
            yield PrefixPermission(
                word.source.name, kept, protocol, one.ports if one else None, way, word.text, word.place
            )


# ── localhost ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _with_localhost(ground: Ground, topology: Topology, ports: PortsOf) -> dict[str, Service]:
    local: dict[str, list[LocalPort]] = {}
    for word in _words(ground, topology):
        # A default need of every service does not concern the one that it names.
        if word.need.localhost is not None and ground.directory.find(word.text, word.source.name) != ():
            local.setdefault(word.source.name, []).append(_local(ground, topology, ports, word, word.need.localhost))
    return {name: replace(one, localhost=tuple(local.get(name, ()))) for name, one in topology.services.items()}


def _local(ground: Ground, topology: Topology, ports: PortsOf, word: _Word, listen: int) -> LocalPort:
    found = ground.directory.find(word.text, word.source.name)
    target: tuple[Pair, tuple[Port, ...], str | None] | None = None
    match found:
        case (ServicePort(service, port),):
            target = topology.services[service].addresses, ports[service, port], None
        case (Program(host, program),):
            target = topology.hosts[host].addresses, ports[host, program], host
    port_found = (
        next((p for p in target[1] if p.protocol == Protocol.TCP and len(p.ports) == 1), None) if target else None
    )
    if target is None or port_found is None:
        refuse("bad-localhost", f"`{word.text}` is not one TCP port, so it cannot answer at localhost", word.place)
    return LocalPort(listen, target[0], port_found.ports.first, word.text, target[2])
