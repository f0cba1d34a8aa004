"""Who may do what, as elements of sets and maps.

In: a view. Out: pairs of a set's name and an element, from one function a subject. Never a rule; never two elements
of one set that overlap, which the kernel refuses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from warren.basis.address import BOGONS4, BOGONS6, METADATA4, METADATA6, collapse, host_prefix, intersect, subtract
from warren.desired.parts import marks
from warren.desired.parts.firewall.prerouting import known_chain, known_ways
from warren.desired.parts.firewall.steering import by_own_tunnel, came_chain, dialled_gateways, leave_chain
from warren.desired.parts.firewall.words import prefix, single
from warren.desired.view import HostView
from warren.formats.nft import model as nft
from warren.topology.model import Egress, EgressKind, Prefix, PrefixPermission, Service, Tunnel

Entry = tuple[str, nft.Element]

EMBEDDING = tuple(IPv6Network(text) for text in ("64:ff9b::/96", "2002::/16", "::/96"))
LOCAL_TRANSLATION = IPv6Network("64:ff9b:1::/48")


def element(*key: nft.Value, leads: nft.Key | nft.Verdict | None = None, why: str | None = None) -> nft.Element:
    """An element; `why` is its comment: the words of the file that it stands for."""
    return nft.Element(key, leads, why)


def address(stem: str, of: IPv4Address | IPv6Address) -> str:
    """The set's name for the family of an address."""
    return f"{stem}{of.version}"


def identity(view: HostView) -> Iterator[Entry]:
    """Which links there are, and who may speak on them."""
    for service in view.services:
        for stem in ("links", "services"):
            yield stem, element(service.veth)
        yield "ingress", element(service.veth, leads=nft.Jump("from_service"))
        for own in service.addresses:
            yield address("pins", own), element(service.veth, single(own))
    for interface in view.interfaces:
        for stem in ("links", "tunnels"):
            yield stem, element(interface)
        yield "ingress", element(interface, leads=nft.Jump("from_tunnel"))
    for tunnel in view.dialled:
        yield "dialled", element(tunnel.interface)
    yield from _far_ends(view)


def _far_ends(view: HostView) -> Iterator[Entry]:
    """The network's own addresses that may come out of each tunnel."""
    dialled = {tunnel.gateway: tunnel for tunnel in view.dialled}
    for tunnel in view.served:
        yield from _pinned(tunnel, view.topology.hosts[tunnel.dialer].prefixes)
    for other in view.topology.hosts.values():
        for gateway in _ways_in(view, other.name, dialled):
            yield from _pinned(dialled[gateway], other.prefixes)
    yield from _answering(view, [each for lan in view.host.lans for each in lan.prefixes])


def _answering(view: HostView, lans: Iterable[Prefix]) -> Iterator[Entry]:
    """Private prefixes that services here need through a gateway: what answers from there is not forged."""
    here = {service.name for service in view.services}
    private: tuple[Prefix, ...] = (*BOGONS4, *BOGONS6)
    never = (view.topology.prefix4, view.topology.prefix6, *lans)
    for tunnel in view.dialled:
        needed = [
            prefix
            for need in view.permissions
            if isinstance(need, PrefixPermission) and need.source in here and need.way.gateway == tunnel.gateway
            for prefix in intersect(need.prefixes, private)
        ]
        yield from _pinned(tunnel, collapse(subtract(needed, never)))


def _ways_in(view: HostView, other: str, dialled: dict[str, Tunnel]) -> Iterator[str]:
    """Whoever is behind a gateway comes by its tunnel; the gateway itself by its own, whatever the way there."""
    way = view.topology.ways.get((other, view.host.name))
    if other in dialled:
        yield other
    if way in dialled and way != other:
        yield way


def _pinned(tunnel: Tunnel, prefixes: Iterable[Prefix]) -> Iterator[Entry]:
    for each in prefixes:
        yield f"tunnel_pins{each.version}", element(tunnel.interface, prefix(each))


def special(view: HostView) -> Iterator[Entry]:
    """Prefixes that no Internet host has, addresses of clouds' metadata, and the host's own public addresses."""
    bogons: tuple[Prefix, ...] = (*BOGONS4, *BOGONS6)
    for each in bogons:
        yield f"bogons{each.version}", element(prefix(each))
    lans = [each for lan in view.host.lans for each in lan.prefixes]
    translated = [each for bogon in BOGONS4 for each in disguises(bogon)]
    network = (view.topology.prefix4, view.topology.prefix6)
    for each in collapse([*bogons, *translated, LOCAL_TRANSLATION, *network, *lans]):
        yield f"special{each.version}", element(prefix(each))
    behind = [each for one in METADATA4 for each in disguises(IPv4Network(one))]
    for each in collapse([*map(host_prefix, METADATA4), *map(host_prefix, METADATA6), *behind]):
        yield f"metadata{each.version}", element(prefix(each))
    for public in view.host.public:
        yield address("public", public), element(single(public))


def disguises(of: IPv4Network) -> Iterator[IPv6Network]:
    """The IPv6 prefixes by which a translator or relay reaches IPv4 ones (RFC 6052, RFC 3056, RFC 4291 2.5.5.1)."""
    for outer in EMBEDDING:
        shift = 128 - outer.prefixlen - 32
        yield IPv6Network(
            (int(outer.network_address) + (int(of.network_address) << shift), outer.prefixlen + of.prefixlen)
        )


def egress(view: HostView) -> Iterator[Entry]:
    """How each service's own connections leave, and who else leaves through this gateway."""
    for service in view.services:
        if chain := way_out(service.egress):
            yield "leaves_by", element(service.veth, leads=nft.Goto(chain))
        yield from _leaves(view, service)
        if service.egress.kind in (EgressKind.DIRECT, EgressKind.GATEWAY):
            for own in service.addresses:
                yield address("outgoing", own), element(single(own))
    if by_own_tunnel(view):
        yield "leaves_by", element(view.served[0].interface, leads=nft.Goto("leave_for_others"))
    for service in view.leaving:
        if service.host != view.host.name:
            yield from _leaves_here(service)


def way_out(egress: Egress) -> str | None:
    """The chain that marks packets for this way out; None where there is none."""
    if egress.kind is EgressKind.DIRECT:
        return "leave_direct"
    if egress.kind is EgressKind.GATEWAY and egress.gateway:
        return leave_chain(egress.gateway)
    return None


def _leaves(view: HostView, service: Service) -> Iterator[Entry]:
    if service.egress.kind is EgressKind.DIRECT:
        yield from _leaves_here(service)
    elif service.egress.kind is EgressKind.GATEWAY:
        for tunnel in view.dialled:
            if tunnel.gateway == service.egress.gateway:
                for own in service.addresses:
                    yield address("leaves_through", own), element(tunnel.interface, single(own))


def _leaves_here(service: Service) -> Iterator[Entry]:
    for own in service.addresses:
        yield address("leaves_here", own), element(single(own))


def answering(view: HostView) -> Iterator[Entry]:
    """Answers take the way by which the connection came."""
    for mark in (marks.DIRECT, marks.HIDDEN):
        yield "answers_by", element(mark, leads=nft.Goto("leave_direct"))
    if by_own_tunnel(view):
        yield "answers_by", element(marks.gateway_mark(view.host), leads=nft.Goto(leave_chain(view.host.name)))
    for tunnel in known_ways(view):
        mark = marks.gateway_mark(view.topology.hosts[tunnel.gateway])
        yield "known_by", element(mark, leads=nft.Jump(known_chain(tunnel.gateway)))
    for gateway in dialled_gateways(view):
        mark = marks.gateway_mark(gateway)
        yield "answers_by", element(mark, leads=nft.Goto(leave_chain(gateway.name)))
    for tunnel in view.dialled:
        yield "came_by", element(tunnel.interface, leads=nft.Jump(came_chain(tunnel.gateway)))


def returning(view: HostView) -> Iterator[Entry]:
    """At a gateway: connections of other gateways that it leads back to them."""
    for other in view.topology.gateways if view.host.public else ():
        for public in other.public if other.name != view.host.name else ():
            for own in other.prefixes:
                if own.version == public.version:
                    yield address("returning", public), element(single(public), prefix(own))


def guarded(view: HostView) -> Iterator[Entry]:
    """What a guarded host lets in for itself."""
    guard = view.host.guard
    if not guard:
        return
    for protocol, ports in guard.allow:
        yield "allowed", element(protocol.value, nft.span(ports.first, ports.last))
    for each in collapse(guard.ssh_from):
        yield f"operators{each.version}", element(prefix(each))
