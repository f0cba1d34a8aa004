"""Names: a resolver for every way out of a host, who may ask it, and what it may tell to whom.

In: services, permissions and exposures. Out: the topology with resolvers, the permission to ask them, and the names
that each service may know. Never tells a service a name that it may not reach.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from warren.basis.address import holds, host_prefix
from warren.basis.ports import Ports, Protocol
from warren.topology import folders
from warren.topology.ground import Ground
from warren.topology.implied import Implied, implied, resolver_name
from warren.topology.model import (
    Address,
    Dns,
    Egress,
    EgressKind,
    Host,
    Known,
    Permission,
    Port,
    PrefixPermission,
    ProgramPermission,
    Role,
    Service,
    ServicePermission,
    Topology,
    Upstream,
)
from warren.topology.passes.services import implied_service
from warren.topology.workload import PlainUnit

NEED = "names"
DNS_PORT = Ports(53, 53)
DNS_PORTS = tuple(Port(str(protocol), protocol, DNS_PORT) for protocol in Protocol)


def names(ground: Ground, topology: Topology) -> Topology:
    """Resolvers, and what they know."""
    written = ground.spec.network.dns
    if not written.enabled:
        return topology
    upstream = tuple(Upstream(one.address, one.port, one.tls) for one in written.upstream)
    dns = Dns(upstream, written.dnssec, written.private)
    made = [one for one in implied(ground.spec, ground.ledger.hosts) if one.role is Role.RESOLVER]
    asking = {name: _asking(ground, one) for name, one in topology.services.items()}
    resolvers = {one.name: _resolver(ground, topology, one) for one in made}
    permissions = (
        *topology.permissions,
        *(_may_ask(one) for each in asking.values() for one in _questions(each)),
        *(one for each in resolvers.values() for one in _lan_upstreams(topology.hosts[each.host], each, dns)),
    )
    whole = replace(topology, dns=dns, services={**asking, **resolvers}, permissions=permissions)
    return replace(whole, names=_known(whole), sites=_sites(whole))


def _asking(ground: Ground, service: Service) -> Service:
    return replace(service, resolver=resolver_name(ground.ledger.hosts, service.host, service.egress))


def _resolver(ground: Ground, topology: Topology, one: Implied) -> Service:
    unit = _unit(one.name, ground.ledger.services[one.name].uid)
    return implied_service(ground, topology, one, DNS_PORTS, unit)


def _unit(name: str, uid: int) -> PlainUnit:
    """unbound in the foreground; a change is checked before it is taken, and the cache outlives it.

    Where it cannot reload and keep its cache by itself (before 1.19), the cache is written down and read again.
    """
    conf = f"{folders.told(name)}/unbound.conf"
    control, kept = f"/usr/sbin/unbound-control -c {conf}", f"{folders.running(name, uid)}/cache"
    again = f"{control} dump_cache >{kept} && {control} reload && {control} load_cache <{kept}"
    reload = f"/usr/sbin/unbound-checkconf {conf} && {{ {control} reload_keep_cache || {{ {again}; }}; }}"
    raw = (f"RuntimeDirectory={name}", f"ExecReload=/bin/sh -c '{reload}'")
    return PlainUnit(unit=name, command=("/usr/sbin/unbound", "-d", "-c", conf), raw=raw)


def _questions(service: Service) -> Iterator[tuple[Service, Protocol]]:
    return ((service, protocol) for protocol in Protocol)


def _may_ask(question: tuple[Service, Protocol]) -> ServicePermission:
    service, protocol = question
    assert service.resolver
    return ServicePermission(service.name, service.resolver, protocol, DNS_PORT, NEED, service.place)


# ── upstream ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def upstream_of(dns: Dns, host: Host, egress: Egress) -> tuple[Upstream, ...]:
    """The servers that a resolver asks: those on the host's LAN where it leaves there, else those that are not."""
    if egress.kind is EgressKind.NONE:
        return ()
    beside = tuple(one for one in dns.upstream if _is_beside(host, one.address))
    if egress.kind is EgressKind.LAN:
        return beside
    outside = tuple(one for one in dns.upstream if one not in beside)
    return dns.upstream if egress.kind is EgressKind.DIRECT else outside


def asks_the_root(dns: Dns, egress: Egress) -> bool:
    """Whether a resolver finds the names of the outside by itself: nobody is named, and the Internet is in reach."""
    return not dns.upstream and egress.kind in (EgressKind.DIRECT, EgressKind.GATEWAY)


def ways_out(topology: Topology, resolver: Service) -> frozenset[int]:
    """The versions of IP that the public addresses show by which a resolver leaves; none where it has none."""
    leaving = resolver.egress.gateway or resolver.host
    return frozenset(address.version for address in topology.hosts[leaving].public)


def _is_beside(host: Host, address: Address) -> bool:
    return any(holds(prefix, address) for lan in host.lans for prefix in lan.prefixes)


def _lan_upstreams(host: Host, resolver: Service, dns: Dns) -> Iterator[Permission]:
    """What leaves directly reaches no LAN, so a server that stands there is needed by name."""
    if resolver.egress.kind is EgressKind.DIRECT:
        for one in dns.upstream:
            if _is_beside(host, one.address):
                lan, ports = Egress(EgressKind.LAN), Ports(one.port, one.port)
                for protocol in Protocol:
                    yield PrefixPermission(resolver.name, (host_prefix(one.address),), protocol, ports, lan, NEED)


# ── names ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def suffix(topology: Topology) -> str:
    """The domain of the network's own names; `internal` is nobody's (ICANN, 2024)."""
    return f"{topology.name}.internal"


def _known(topology: Topology) -> dict[str, tuple[Known, ...]]:
    needed: dict[str, dict[str, None]] = defaultdict(dict)
    programs: dict[str, dict[str, None]] = defaultdict(dict)
    for permission in topology.permissions:
        match permission:
            case ServicePermission():
                needed[permission.source][permission.target] = None
            case ProgramPermission():
                programs[permission.source][permission.host] = None
    return {
        name: tuple(_of_service(topology, one, sorted(needed[name]), sorted(programs[name])))
        for name, one in topology.services.items()
        if one.resolver
    }


def _of_service(topology: Topology, service: Service, needed: list[str], hosts: list[str]) -> Iterator[Known]:
    ending = suffix(topology)
    for name in (service.name, *needed):
        one = topology.services[name]
        if one.role is Role.DECLARED:
            yield Known(f"{name}.{ending}", one.addresses, reverse=True)
            yield Known(f"{name}.{one.host}.{ending}", one.addresses)
    for name in hosts:
        yield Known(f"{name}.{ending}", topology.hosts[name].addresses, reverse=True)
    if topology.domain:
        yield Known(f"{service.name}.local.{topology.domain}", service.addresses)


def _sites(topology: Topology) -> dict[str, tuple[Known, ...]]:
    """The network's public names at the near address of their entry: nobody goes out and comes back for them."""
    found: dict[str, dict[str, Known]] = {}
    for web in topology.https:
        if not web.name.startswith("*."):
            near = topology.services[web.entry].addresses
            found.setdefault(web.entry, {}).setdefault(web.name, Known(web.name, near))
    return {entry: tuple(names.values()) for entry, names in found.items()}
