"""Needs, as claims.

In: a network and its surroundings. Out: claims about services, programs of hosts and prefixes outside that somebody
needs. Never about the general way out.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from warren.basis.address import Prefix, subtract
from warren.prove.claim import Claim
from warren.topology.model import PrefixPermission, ProgramPermission, ServicePermission
from warren.verify.claims.around import UNROUTABLE, Around, disguised, metadata, span
from warren.verify.claims.doors import hairpins
from warren.verify.claims.leaving import leads_to


def claims(around: Around) -> Iterator[Claim]:
    """Every need; what several services need outside is asked once."""
    topology, places = around.topology, {name: (name,) for name in around.topology.services}
    for need in topology.permissions:
        match need:
            case ServicePermission():
                for address in around.texts[need.target]:
                    yield Claim(places[need.source], address, need.protocol.value, span(need.ports))
            case ProgramPermission():
                for address in around.texts[need.host]:
                    yield Claim(places[need.source], address, need.protocol.value, span(need.ports))
    yield from _visits(around)
    yield from _outside(around)


def _visits(around: Around) -> Iterator[Claim]:
    topology = around.topology
    visitors: dict[str, list[str]] = {}
    for service in topology.services.values():
        if service.visits:
            visitors.setdefault(service.host, []).append(service.name)
    for host, names in visitors.items():
        places = tuple(names)
        for visit in topology.visits.get(host, ()):
            for address, port in product(around.texts[visit.entry], visit.ports):
                yield Claim(places, address, port.protocol.value, span(port.ports))


def _outside(around: Around) -> Iterator[Claim]:
    topology = around.topology
    held: dict[str, list[PrefixPermission]] = {}
    for need in topology.permissions:
        if isinstance(need, PrefixPermission):
            held.setdefault(need.source, []).append(need)
    groups: dict[tuple[object, ...], tuple[PrefixPermission, frozenset[str], list[str]]] = {}
    for name, needs in held.items():
        service = topology.services[name]
        ways = {exit_of(around, need) for need in needs} | {leads_to(service.host, service.egress) or service.host}
        for need in needs:
            key = (service.host, need.prefixes, need.protocol, need.ports, need.way, frozenset(ways))
            groups.setdefault(key, (need, frozenset(ways), []))[2].append(name)
    by_exit: dict[str, dict[str, None]] = {}
    for need, all_ways, names in groups.values():
        for door in (exit_of(around, need), topology.services[need.source].host):
            by_exit.setdefault(door, {}).update(dict.fromkeys(names))
        yield from _reached(around, need, all_ways, tuple(names))
    for leads, all_names in by_exit.items():
        yield from hairpins(around, tuple(all_names), leads)


def exit_of(around: Around, need: PrefixPermission) -> str:
    """The host by whose uplink the packets of a need leave."""
    return need.way.gateway or around.topology.services[need.source].host


def _reached(around: Around, need: PrefixPermission, ways: frozenset[str], names: tuple[str, ...]) -> Iterator[Claim]:
    topology, leads = around.topology, exit_of(around, need)
    never = (topology.prefix4, topology.prefix6, *metadata())
    ports = (need.ports.first, need.ports.last) if need.ports else (0, 65535)
    protocol = need.protocol.value if need.protocol else None
    families = around.families(leads)
    own = (*around.own[leads], *around.own[topology.services[need.source].host])
    for prefix in subtract((p for p in need.prefixes if p.version in families), (*never, *own, *UNROUTABLE)):
        yield Claim(names, str(prefix), protocol, ports, hidden=True, exit=leads)
    for leads_too, prefix in _odd(need, leads, ways):
        yield Claim(names, str(prefix), protocol, ports, None, hidden=True, exit=leads_too)


def _odd(need: PrefixPermission, leads: str, ways: frozenset[str]) -> Iterator[tuple[str, Prefix]]:
    """Not said: which of several ways counts, and what becomes of IPv4 in disguise."""
    for other in sorted(ways - {leads}):
        for prefix in need.prefixes:
            yield other, prefix
            yield leads, prefix
    for prefix in subtract(need.prefixes, subtract(need.prefixes, disguised())):
        yield leads, prefix
