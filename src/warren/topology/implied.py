"""The services that the network needs for itself: who they are, where, and how they leave.

In: a spec, and the hosts' numbers. Out: their names, hosts and ways out, in the order of the file. Never an address.

Their names are made of the host's number, because a host's name may be too long for a user's, a namespace's and an
interface's name all at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from warren.spec.model import Spec
from warren.topology.ledger import HostEntry
from warren.topology.model import Egress, EgressKind, Role

RESOLVER = "dns"
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
    return tuple(dict.fromkeys(_resolvers(spec, hosts)))


def _resolvers(spec: Spec, hosts: Mapping[str, HostEntry]) -> Iterator[Implied]:
    """One a host and way out: the answers of one way are not told to services that leave by another."""
    for name, service in spec.services.items() if spec.network.dns.enabled else ():
        egress = egress_of_service(spec, name) if service.host in spec.hosts else None
        if egress and (egress.gateway is None or egress.gateway in hosts):
            yield Implied(resolver_name(hosts, service.host, egress), service.host, Role.RESOLVER, egress)


def resolver_name(hosts: Mapping[str, HostEntry], host: str, egress: Egress) -> str:
    """The name of a host's resolver for one way out."""
    way = f"-g{hosts[egress.gateway].number}" if egress.gateway else WAYS[egress.kind]
    return f"{RESOLVER}{hosts[host].number}{way}"
