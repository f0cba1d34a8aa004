"""The services that the network needs for itself: who they are, where, and how they leave.

In: a spec, and the hosts' numbers. Out: their names, hosts and ways out, in the order of the file. Never an address.

Their names are made of the host's number, because a host's name may be too long for a user's, a namespace's and an
interface's name all at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from warren.spec.exposing import WebOffer, offers
from warren.spec.model import Spec
from warren.topology.ledger import HostEntry
from warren.topology.model import Egress, EgressKind, Role

RESOLVER, ENTRY = "dns", "web"
WAYS = {EgressKind.NONE: "", EgressKind.DIRECT: "-out", EgressKind.LAN: "-lan"}


@dataclass(frozen=True, slots=True)
class Implied:
    """One service that nobody declared."""

    name: str
    host: str
    role: Role
    egress: Egress


def egress_of(word: str, own: str) -> Egress:
    """A way out as it is written; a gateway's own services leave it directly."""
    if word in (EgressKind.DIRECT, EgressKind.LAN, EgressKind.NONE):
        return Egress(EgressKind(word))
    return Egress(EgressKind.DIRECT) if word == own else Egress(EgressKind.GATEWAY, word)


def egress_of_service(spec: Spec, name: str) -> Egress:
    """How a declared service leaves: as it says, else as its host says."""
    service = spec.services[name]
    return egress_of(service.egress or spec.hosts[service.host].egress or "direct", service.host)


def implied(spec: Spec, hosts: Mapping[str, HostEntry]) -> tuple[Implied, ...]:
    """Every service that the network needs for itself, each once."""
    entries = tuple(dict.fromkeys(_entries(spec, hosts)))
    leaving = [
        *((s.host, egress_of_service(spec, name)) for name, s in spec.services.items() if s.host in spec.hosts),
        *((one.host, one.egress) for one in entries),
    ]
    resolvers = _resolvers(hosts, leaving) if spec.network.dns.enabled else ()
    return (*entries, *dict.fromkeys(resolvers))


def _resolvers(hosts: Mapping[str, HostEntry], leaving: Iterable[tuple[str, Egress]]) -> Iterator[Implied]:
    """One a host and way out: the answers of one way are not told to services that leave by another."""
    for host, egress in leaving:
        if egress.gateway is None or egress.gateway in hosts:
            yield Implied(resolver_name(hosts, host, egress), host, Role.RESOLVER, egress)


def _entries(spec: Spec, hosts: Mapping[str, HostEntry]) -> Iterator[Implied]:
    """One where the names of a gateway are decrypted, and one at the gateway where that is not one place alone."""
    found = tuple(_decrypted(spec, hosts))
    places: dict[str, set[str]] = {}
    for host, at in found:
        places.setdefault(at, set()).add(host)
    for host, at in found:
        for place in (at, host) if len(places[at]) > 1 else (host,):
            yield Implied(entry_name(hosts, place, at), place, Role.ENTRY, egress_of(at, place))


def _decrypted(spec: Spec, hosts: Mapping[str, HostEntry]) -> Iterator[tuple[str, str]]:
    """For each name the host that decrypts it, and its gateway."""
    for name, service in spec.services.items():
        for offer in offers(spec, name) if service.expose and service.host in hosts else ():
            if isinstance(offer, WebOffer) and offer.at in hosts:
                yield (service.host if offer.home else offer.at), offer.at


def entry_name(hosts: Mapping[str, HostEntry], host: str, gateway: str) -> str:
    """The name of a gateway's entry that stands on a host."""
    at = "" if host == gateway else f"-g{hosts[gateway].number}"
    return f"{ENTRY}{hosts[host].number}{at}"


def resolver_name(hosts: Mapping[str, HostEntry], host: str, egress: Egress) -> str:
    """The name of a host's resolver for one way out."""
    way = f"-g{hosts[egress.gateway].number}" if egress.gateway else WAYS[egress.kind]
    return f"{RESOLVER}{hosts[host].number}{way}"
