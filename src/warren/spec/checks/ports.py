"""Ports: one number of one protocol is given away once.

In: a spec. Out: diagnostics that name both lines. Never looks at what an exposure leads to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from warren.basis.address import Ports, Protocol
from warren.basis.diagnostic import Diagnostic, Place, error
from warren.spec.exposing import Offer, WebOffer, offers
from warren.spec.guard import SHADOW, TUNNEL_PORT, ssh_port
from warren.spec.model import Spec
from warren.spec.reference import Directory


@dataclass(frozen=True, slots=True)
class _Claim:
    """Somebody takes these ports of a host or service; `who` completes the sentence."""

    at: str
    protocol: Protocol
    ports: Ports
    who: str
    place: Place | None
    is_hosts_own: bool = False


def ports(spec: Spec, _: Directory) -> Iterator[Diagnostic]:
    """Everything that is wrong with port numbers."""
    for name in spec.services:
        yield from _same_port(spec, name)
    own = list(_host_claims(spec))
    exposed = [claim for name, service in spec.services.items() if service.expose for claim in _exposed(spec, name)]
    yield from _shadows([*own, *exposed])
    for one, other in _overlaps([*own, *exposed, *_entries(spec)]):
        twice = f"to {one.who} and to {other.who}" if one.who != other.who else f"both times to {one.who}"
        summary = f"{_shared(one, other)} of `{other.at}` is given away twice: {twice}"
        yield error("port-taken", summary, other.place, None, *filter(None, [one.place]))


def _same_port(spec: Spec, name: str) -> Iterator[Diagnostic]:
    claims = [
        _Claim(name, protocol, one.ports, port, spec.place("services", name, "ports", port, key=True))
        for port, one in spec.services[name].ports.items()
        for protocol in one.protocols
    ]
    for one, other in _overlaps(claims):
        summary = f"`{one.who}` and `{other.who}` of the service `{name}` both have {_shared(one, other)}"
        yield error("same-port", summary, other.place, None, *filter(None, [one.place]))


def _host_claims(spec: Spec) -> Iterator[_Claim]:
    """What the hosts themselves listen on."""
    for name, host in spec.hosts.items():
        key = spec.place("hosts", name, key=True)
        port = ssh_port(host)
        yield _Claim(name, Protocol.TCP, Ports(port, port), "ssh of the host itself", key, True)
        if host.public:
            port, place = host.tunnel.port or TUNNEL_PORT, spec.place("hosts", name, "tunnel", "port")
            yield _Claim(name, Protocol.UDP, Ports(port, port), "its tunnel", place, True)
        for index, allowed in enumerate(host.firewall.allow if host.firewall else ()):
            place = spec.place("hosts", name, "firewall", "allow", index)
            for protocol in allowed.protocols:
                yield _Claim(name, protocol, allowed.ports, "`allow` of its firewall", place, True)


def _exposed(spec: Spec, name: str) -> Iterator[_Claim]:
    for offer in offers(spec, name):
        if isinstance(offer, Offer):
            place = spec.place(*offer.path, "port")
            yield _Claim(offer.at, offer.protocol, offer.ports, f"the service `{name}`", place)


def _entries(spec: Spec) -> Iterator[_Claim]:
    """What a gateway that answers HTTPS listens on, once for all names."""
    seen: set[str] = set()
    for name, service in spec.services.items():
        for offer in offers(spec, name) if service.expose else ():
            if isinstance(offer, WebOffer) and offer.at not in seen:
                seen.add(offer.at)
                place = spec.place(*offer.path, "https")
                for protocol, port in ((Protocol.TCP, 80), (Protocol.TCP, 443), (Protocol.UDP, 443)):
                    yield _Claim(offer.at, protocol, Ports(port, port), "HTTPS", place)


def _shown(claim: _Claim) -> str:
    return f"{claim.ports}/{claim.protocol}"


def _shared(one: _Claim, other: _Claim) -> str:
    shared = Ports(max(one.ports.first, other.ports.first), min(one.ports.last, other.ports.last))
    return f"{shared}/{one.protocol}"


def _overlaps(claims: Iterable[_Claim]) -> Iterator[tuple[_Claim, _Claim]]:
    """Two that take the same port, the one that stands later in the file second; one walk over all in order."""
    before: _Claim | None = None
    for claim in sorted(claims, key=lambda one: (one.at, one.protocol, one.ports)):
        if before is None or (before.at, before.protocol) != (claim.at, claim.protocol):
            before = claim
            continue
        if claim.ports.first <= before.ports.last and not (claim.is_hosts_own and before.is_hosts_own):
            first, second = sorted((before, claim), key=lambda one: one.place or NOWHERE)
            yield first, second
        if claim.ports.last > before.ports.last:
            before = claim


NOWHERE = Place("", 0, 0)


def _shadows(claims: Iterable[_Claim]) -> Iterator[Diagnostic]:
    for claim in claims:
        if claim.ports.overlaps(SHADOW):
            summary = (
                f"{_shown(claim)} of `{claim.at}` for {claim.who} lies in {SHADOW}, source ports that a gateway gives"
                " to connections of others: one of them could take it over (CVE-2021-3773)"
            )
            yield error("port-shadow", summary, claim.place, f"take a port below {SHADOW.first}")
