"""The edge of real gateways as places outside should see it.

In: a world and the places where we stand. Out: for each place and public address the ports to ask, those that must be
open, and those that may be. Never sends a packet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from warren.basis.address import Protocol
from warren.topology.model import Address, Exposure, Host
from warren.verify.declared import INTERNET
from warren.verify.known import KNOWN_TCP, KNOWN_UDP
from warren.verify.world import World, answers, samples, ssh_port, within

EVERY = frozenset(range(1, 65536))
MOST_PLACES = 8

Numbers = Mapping[Protocol, frozenset[int]]


@dataclass(frozen=True, slots=True)
class Front:
    """One public address as it is asked from one place; `must` are ports that have to be open there, `may` those of
    which the file does not say enough, or not for this place."""

    place: str
    host: Host
    address: Address
    must: Numbers
    may: Numbers
    asked: Numbers


def fronts(at: World, standing: Mapping[str, str], every_port: bool = False) -> Iterator[Front]:
    """Every gateway's addresses from every place but the gateway itself; all ports only from the first place."""
    for host in at.topology.gateways:
        places = (p for p in (INTERNET, *at.topology.hosts) if p in standing and p != host.name)
        for number, place in enumerate(islice(places, MOST_PLACES)):
            for address in host.public:
                if place != INTERNET or any(a.version == address.version for a in at.around.seen[INTERNET]):
                    yield front(at, place, host, address, every_port and not number)


def front(at: World, place: str, host: Host, address: Address, every_port: bool = False) -> Front:
    """One of them."""
    must: dict[Protocol, frozenset[int]] = {}
    may: dict[Protocol, frozenset[int]] = {}
    asked: dict[Protocol, frozenset[int]] = {}
    for protocol in Protocol:
        sure, unsure = _exposed(at, place, address, protocol)
        own, allowed = _own(host, protocol)
        unsure |= allowed
        sure |= {port for port in own if at.door(address, protocol, port) is None}
        must[protocol], may[protocol] = frozenset(sure - unsure), frozenset(unsure)
        asked[protocol] = EVERY if every_port else _that_matter(at, host, address, protocol)
    return Front(place, host, address, must, may, asked)


def _exposed(at: World, place: str, address: Address, protocol: Protocol) -> tuple[set[int], set[int]]:
    must: set[int] = set()
    may: set[int] = set()
    for exposure in at.doors.get(address, ()):
        if exposure.protocol is protocol:
            # Of a range a program may use some ports only; a datagram comes to all of them.
            whole = len(exposure.ports) == 1 or protocol is Protocol.UDP
            is_sure = whole and exposure.limit is None and _is_for(at, place, exposure, address)
            (must if is_sure else may).update(exposure.ports)
    return must, may


def _is_for(at: World, place: str, exposure: Exposure, address: Address) -> bool:
    """Whether it is known that this place may use an exposure; nobody knows with which address a router shows us, nor
    what it makes of a packet that comes back to it."""
    if at.topology.services[exposure.service].host == place:
        return False
    seen = () if place == INTERNET else at.around.seen.get(place, ())
    return not exposure.sources or within(seen, exposure.sources, address.version)


def _own(host: Host, protocol: Protocol) -> tuple[set[int], set[int]]:
    """The ports of the host itself that must be open, and those that are let in where anything listens there."""
    allowed = {n for p, ports in (host.guard.allow if host.guard else ()) if p is protocol for n in ports}
    if protocol is Protocol.UDP:
        return {host.tunnel_port}, allowed
    ssh = {ssh_port(host)}
    # What a host without a guard runs, and where, the file does not say.
    return (ssh, allowed) if host.guard is not None and not host.guard.ssh_from else (set(), allowed | ssh)


def _that_matter(at: World, host: Host, address: Address, protocol: Protocol) -> frozenset[int]:
    """Ports that the file names anywhere, and those that are well known."""
    found = {*(KNOWN_TCP if protocol is Protocol.TCP else KNOWN_UDP), *_own(host, protocol)[0]}
    for exposure in at.doors.get(address, ()):
        if exposure.protocol is protocol:
            found.update((*samples(exposure.ports), exposure.ports.last + 1))
            found.update(answers(exposure, number) for number in samples(exposure.ports))
    services = (port for one in at.topology.services.values() for port in one.ports)
    programs = (port for one in at.topology.hosts.values() for port in one.programs)
    found.update(number for port in (*services, *programs) for number in samples(port.ports))
    return EVERY & found
