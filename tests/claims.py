"""What a topology declares, as claims about packets: what `verify` states flow by flow, stated for all of them.

In: topologies. Out: claims. Never looks at items: this is the other witness.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import TypeGuard

from tests.networks import outside_of
from warren.basis.address import (
    BOGONS4,
    BOGONS6,
    EVERYTHING4,
    EVERYTHING6,
    METADATA4,
    METADATA6,
    Address,
    Prefix,
    host_prefix,
    subtract,
)
from warren.prove.claim import Claim
from warren.topology.model import (
    EgressKind,
    Exposure,
    Host,
    PrefixPermission,
    ProgramPermission,
    Service,
    ServicePermission,
    Topology,
)

WORLD = (EVERYTHING4, EVERYTHING6)
# IPv6 addresses that stand for IPv4 ones: behind a translator they are those (RFC 6052, RFC 3056, RFC 4291).
CLOTHES = tuple(IPv6Network(text) for text in ("64:ff9b::/96", "2002::/16", "::/96"))
LOCAL_TRANSLATION = IPv6Network("64:ff9b:1::/48")
# What no kernel forwards.
UNROUTABLE: tuple[Prefix, ...] = (
    *(IPv4Network(text) for text in ("0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/4", "255.255.255.255/32")),
    *(IPv6Network(text) for text in ("::/128", "::1/128", "::ffff:0:0/96", "fe80::/10", "ff00::/8")),
)
LOOPBACKS = ("127.0.0.0/8", "::1")


def in_clothes(prefix: IPv4Network) -> tuple[IPv6Network, ...]:
    """An IPv4 prefix in IPv6's clothes."""
    return tuple(
        IPv6Network(
            (
                int(outer.network_address) + (int(prefix.network_address) << (96 - outer.prefixlen)),
                outer.prefixlen + prefix.prefixlen,
            )
        )
        for outer in CLOTHES
    )


DISGUISED = (LOCAL_TRANSLATION, *(each for bogon in BOGONS4 for each in in_clothes(bogon)))
GLOBAL = subtract(WORLD, (*BOGONS4, *BOGONS6, *DISGUISED))
SERVED: tuple[Address, ...] = (*METADATA4, *METADATA6)
METADATA = (
    *(host_prefix(each) for each in SERVED),
    *(each for one in METADATA4 for each in in_clothes(IPv4Network(one))),
)


def claims_of(topology: Topology) -> list[Claim]:
    """Everything that the topology says is open, and what it does not speak about."""
    found: list[Claim] = []
    for service in topology.services.values():
        found.extend(_of_service(topology, service))
    for host in topology.hosts.values():
        found.extend(_of_host(topology, host))
    for exposure in topology.exposures:
        found.extend(_exposed(topology, exposure))
        found.extend(_straight(topology, exposure))
    found.extend(_needs(topology))
    found.extend(_outside(topology))
    return list(dict.fromkeys(found))


def _needs(topology: Topology) -> Iterator[Claim]:
    for need in topology.permissions:
        match need:
            case ServicePermission():
                for address in topology.services[need.target].addresses:
                    yield Claim(need.source, str(address), need.protocol.value, (need.ports.first, need.ports.last))
            case ProgramPermission():
                for address in topology.hosts[need.host].addresses:
                    yield Claim(need.source, str(address), need.protocol.value, (need.ports.first, need.ports.last))
            case PrefixPermission():
                yield from _reached(topology, need)


def _reached(topology: Topology, need: PrefixPermission) -> Iterator[Claim]:
    never = (topology.prefix4, topology.prefix6, *METADATA)
    exit_ = need.way.gateway or topology.services[need.source].host
    ports = (need.ports.first, need.ports.last) if need.ports else (0, 65535)
    protocol = need.protocol.value if need.protocol else None
    families = {prefix.version for prefix in _local(topology, exit_)}
    own = (*_local(topology, exit_), *_local(topology, topology.services[need.source].host))
    for prefix in subtract((p for p in need.prefixes if p.version in families), (*never, *own, *UNROUTABLE)):
        yield Claim(need.source, str(prefix), protocol, ports, hidden=True, exit=exit_)
    yield from _odd(topology, need, exit_, protocol, ports)
    yield from _hairpins(topology, need.source, exit_)


def _odd(
    topology: Topology, need: PrefixPermission, exit_: str, protocol: str | None, ports: tuple[int, int]
) -> Iterator[Claim]:
    """Not said: which of several ways counts, and whether a gateway believes what answers from a private address."""
    service = topology.services[need.source]
    others = {n.way.gateway or service.host for n in topology.permissions if _is_other(n, need)}
    for other in {*others, *([service.egress.gateway or service.host] if service.egress else [])} - {exit_}:
        for prefix in need.prefixes:
            yield Claim(need.source, str(prefix), protocol, ports, None, hidden=True, exit=other)
            yield Claim(need.source, str(prefix), protocol, ports, None, hidden=True, exit=exit_)
    private: tuple[Prefix, ...] = (*DISGUISED, *BOGONS4, *BOGONS6) if topology.hosts[exit_].public else DISGUISED
    for prefix in subtract(need.prefixes, subtract(need.prefixes, private)):
        yield Claim(need.source, str(prefix), protocol, ports, None, hidden=True, exit=exit_)


def _is_other(need: object, than: PrefixPermission) -> TypeGuard[PrefixPermission]:
    return isinstance(need, PrefixPermission) and need.source == than.source


def _local(topology: Topology, host: str) -> tuple[Prefix, ...]:
    """The addresses of a host outside the network: what goes there does not leave."""
    own = (text for uplink in outside_of(topology).of(host) for text in uplink.addresses)
    return tuple(host_prefix(each) for each in map(_address, own))


def _address(text: str) -> Address:
    return ip_address(text)


def _of_service(topology: Topology, service: Service) -> Iterator[Claim]:
    host = topology.hosts[service.host]
    egress = service.egress
    lans = tuple(prefix for lan in host.lans for prefix in lan.prefixes)
    if egress.kind is EgressKind.LAN:
        for prefix in subtract(lans, (*METADATA, *_local(topology, host.name))):
            yield Claim(service.name, str(prefix), hidden=True, exit=host.name)
    exit_ = {EgressKind.DIRECT: host.name, EgressKind.GATEWAY: egress.gateway}.get(egress.kind)
    if exit_ is None:
        return
    beyond = tuple(prefix for lan in topology.hosts[exit_].lans for prefix in lan.prefixes)
    closed = (*lans, *beyond, *METADATA, *_local(topology, exit_), *_local(topology, host.name))
    families = {prefix.version for prefix in _local(topology, exit_)}
    for prefix in subtract((each for each in GLOBAL if each.version in families), closed):
        yield Claim(service.name, str(prefix), hidden=True, exit=exit_)
    yield from _hairpins(topology, service.name, exit_)


def _hairpins(topology: Topology, source: str, exit_: str) -> Iterator[Claim]:
    """The public ports of the way out: open as far as anybody may use them, but seen with which address is not said."""
    for exposure in topology.exposures:
        if exposure.at == exit_ and not exposure.is_lan:
            for claim in _doors(topology, source, exposure):
                for hidden in (False, True):
                    yield Claim(source, claim.target, claim.protocol, claim.ports, None, (), claim.becomes, hidden)


def _of_host(topology: Topology, host: Host) -> Iterator[Claim]:
    for service in topology.services_of(host.name):
        for address in service.addresses:
            yield Claim(host.name, str(address))
    own = (*map(str, host.addresses), *(str(each.network_address) for each in _local(topology, host.name)))
    for text in (*own, *LOOPBACKS):
        yield Claim(host.name, text, open=None)
    for everything in WORLD:
        for hidden in (False, True):
            yield Claim(host.name, str(everything), open=None, hidden=hidden, exit=host.name)
    # Whom a door is open for is asked of others; the host itself reaches its services anyway.
    yield from _hairpins(replace(topology, exposures=_for_anyone(topology)), host.name, host.name)


def _for_anyone(topology: Topology) -> tuple[Exposure, ...]:
    return tuple(replace(each, sources=()) if not each.is_lan else each for each in topology.exposures)


def _exposed(topology: Topology, exposure: Exposure) -> Iterator[Claim]:
    if not exposure.is_lan:
        yield from _doors(topology, "internet", exposure)
        yield from _strange(topology, exposure)
        return
    own = [str(each.network_address) for each in _local(topology, exposure.at)]
    for uplink in outside_of(topology).of(exposure.at):
        for text in own:
            yield from _door(topology, uplink.place, exposure, text)
        # The kernel looks at 127.0.0.1 from outside only after the translation.
        for claim in _door(topology, uplink.place, exposure, LOOPBACKS[0]):
            yield Claim(claim.source, claim.target, claim.protocol, claim.ports, None, (), claim.becomes, claim.hidden)


def _strange(topology: Topology, exposure: Exposure) -> Iterator[Claim]:
    """Of senders in disguise, or with the address of a gateway, nothing is said."""
    gateways = tuple(host_prefix(each) for host in topology.gateways for each in host.public)
    for claim in _doors(topology, "internet", exposure):
        for hidden in (False, True):
            odd = tuple(str(each) for each in (*DISGUISED, *gateways) if each.version == claim.version)
            yield Claim(claim.source, claim.target, claim.protocol, claim.ports, None, odd, claim.becomes, hidden)


def _doors(topology: Topology, source: str, exposure: Exposure) -> Iterator[Claim]:
    for address in exposure.addresses:
        yield from _door(topology, source, exposure, str(address))


def _door(topology: Topology, source: str, exposure: Exposure, public: str) -> Iterator[Claim]:
    version = 6 if ":" in public else 4
    service = topology.services[exposure.service]
    own = service.addresses.v4 if version == 4 else service.addresses.v6
    hidden = not exposure.keep or (exposure.is_lan and service.host != exposure.at)
    ports = (exposure.ports.first, exposure.ports.last)
    gateways = tuple(host_prefix(each) for host in topology.gateways for each in host.public)
    limits = subtract(exposure.sources or GLOBAL, gateways)
    sources = tuple(str(each) for each in subtract(limits, ()) if each.version == version)
    if sources:
        becomes = (str(own), exposure.target.first)
        yield Claim(source, public, exposure.protocol.value, ports, True, sources, becomes, hidden)


def _straight(topology: Topology, exposure: Exposure) -> Iterator[Claim]:
    """What a gateway passes on it may ask for itself as well: it could not be told apart."""
    for address in topology.services[exposure.service].addresses:
        ports = (exposure.target.first, exposure.target.last)
        yield Claim(exposure.at, str(address), exposure.protocol.value, ports, None)


def _outside(topology: Topology) -> Iterator[Claim]:
    for host in topology.hosts.values():
        for uplink in outside_of(topology).of(host.name):
            for everything in WORLD:
                yield Claim(uplink.place, str(everything), open=None, exit=host.name)
            for prefix in _local(topology, host.name):
                yield from _doors_of_the_host(host, uplink.place, str(prefix.network_address))


def _doors_of_the_host(host: Host, place: str, address: str) -> Iterator[Claim]:
    guard = host.guard
    if guard is None:
        yield Claim(place, address, open=None)
        return
    version = 6 if ":" in address else 4
    senders = subtract(WORLD, (*BOGONS4, *BOGONS6))
    anyone = tuple(str(each) for each in senders if each.version == version) if place == "internet" else ()
    if not guard.ssh_from:
        yield Claim(place, address, "tcp", (guard.ssh_port,) * 2, True, anyone)
    else:
        allowed = tuple(str(each) for each in guard.ssh_from if each.version == version)
        if allowed:
            yield Claim(place, address, "tcp", (guard.ssh_port,) * 2, True, allowed)
    for protocol, ports in guard.allow:
        yield Claim(place, address, protocol.value, (ports.first, ports.last), True, anyone)
    if host.is_gateway:
        yield Claim(place, address, "udp", (host.tunnel_port,) * 2, open=None)
    for port in (68, 546):
        yield Claim(place, address, "udp", (port, port), open=None)
