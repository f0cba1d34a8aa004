"""From a topology to the lab's blueprint: each place's interfaces, addresses, routes and rules.

In: a topology and the ground that was surveyed for it. Out: a blueprint. Never touches a kernel, and gives a host
nothing that a fresh Debian with its provider's or router's addresses would not have.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import ip_interface

from warren.lab.blueprint import CORE, Blueprint, Stand, Wire
from warren.lab.ground import HOP6, Ground, Interface, Seat, Segment, Site, survey
from warren.lab.rules import router_rules
from warren.topology.model import Address, Prefix, Topology

UP = "link set dev lo up"

# Addresses are usable at once: waiting for duplicates costs every lab two seconds and finds none.
NO_WAIT = {"net.ipv6.conf.all.accept_dad": "0", "net.ipv6.conf.default.accept_dad": "0"}
# What Debian's own files set at boot. Everything else that the network needs is for warren's items to set.
FRESH_DEBIAN = {
    "net.ipv4.ip_forward": "0",
    "net.ipv4.conf.all.rp_filter": "0",
    "net.ipv4.conf.default.rp_filter": "2",
    "net.ipv4.conf.all.accept_source_route": "0",
    "net.ipv4.conf.default.accept_source_route": "0",
    "net.ipv4.conf.all.promote_secondaries": "1",
    "net.ipv4.conf.default.promote_secondaries": "1",
    "net.ipv6.conf.all.forwarding": "0",
    **NO_WAIT,
}
CLIENT = {
    "net.ipv4.conf.all.rp_filter": "0",
    "net.ipv4.conf.default.rp_filter": "0",
    "net.ipv6.conf.default.accept_ra": "0",
    **NO_WAIT,
}
ROUTER = {
    **CLIENT,
    "net.ipv4.ip_forward": "1",
    "net.ipv6.conf.all.forwarding": "1",
    "net.ipv4.conf.all.send_redirects": "0",
    "net.ipv4.conf.default.send_redirects": "0",
    # A machine with Docker has this on, and a LAN's own frames are none of the router's business.
    "net.bridge.bridge-nf-call-iptables": "0",
    "net.bridge.bridge-nf-call-ip6tables": "0",
}


def draw(topology: Topology, ground: Ground | None = None) -> Blueprint:
    """The whole lab of a topology."""
    ground = ground or survey(topology)
    stands = [Stand(CORE, ROUTER, lines=(UP,)), *_stands(topology, ground)]
    wires = list(_wires(topology, ground))
    return Blueprint(
        {stand.tag: stand for stand in stands},
        {wire.key: wire for wire in wires},
        {service.name: service.host for service in topology.services.values()},
        {f"lan:{seat.host}/{seat.lan}": seat.neighbour for site in ground.sites for seat in site.seats},
    )


def host_tag(name: str) -> str:
    """The tag of a host's anchor."""
    return f"host:{name}"


def place_tag(name: str) -> str:
    """The tag of any other place's anchor."""
    return f"place:{name}"


def router_tag(site: str) -> str:
    """The tag of a site's router."""
    return place_tag(f"router:{site}")


def _stands(topology: Topology, ground: Ground) -> Iterator[Stand]:
    for client in ground.clients:
        yield Stand(place_tag(client.name), CLIENT, lines=(UP,))
    for site in ground.sites:
        bridges = tuple(line for segment in site.segments for line in _bridge(segment))
        yield Stand(router_tag(site.name), ROUTER, lines=(UP, *bridges), rules=router_rules())
        for seat in site.seats:
            yield Stand(place_tag(seat.neighbour), CLIENT, lines=(UP,))
    for host in topology.hosts.values():
        yield Stand(host_tag(host.name), FRESH_DEBIAN, host=host.name, lines=(UP,))


def _bridge(segment: Segment) -> Iterator[str]:
    yield f"link add dev {segment.bridge} type bridge stp_state 0 forward_delay 0 mcast_snooping 0"
    yield f"link set dev {segment.bridge} up"
    yield from _addresses(segment.bridge, segment.router)


def _wires(topology: Topology, ground: Ground) -> Iterator[Wire]:
    for client in ground.clients:
        yield _provider_wire(client.name, place_tag(client.name), tuple(client.addresses), ground)
    for number, host in enumerate(topology.gateways):
        # The first gateway's provider forwards the network's own prefixes to it, so that a hole would show.
        hostile = _own_prefixes(topology, host.public, f"gw{host.number}") if number == 0 else ()
        yield _provider_wire(f"gw{host.number}", host_tag(host.name), host.public, ground, hostile)
    for site in ground.sites:
        yield _site_wire(site)
        for segment in site.segments:
            yield from _segment_wires(topology, segment)


def _own_prefixes(topology: Topology, hops: Iterable[Address], port: str) -> tuple[str, ...]:
    """Routes for the network's own prefixes by one of these hops of the same family."""
    by_family = {hop.version: hop for hop in hops}
    prefixes: tuple[Prefix, ...] = (topology.prefix4, topology.prefix6)
    return tuple(
        f"route add {p} via {by_family[p.version]} dev {port} onlink" for p in prefixes if p.version in by_family
    )


def _provider_wire(
    port: str, tag: str, addresses: tuple[Address, ...], ground: Ground, extra: tuple[str, ...] = ()
) -> Wire:
    """A line to the core with single routed addresses and a hop that is on no prefix, as cheap providers do it."""
    routes = (f"route add {address} dev {port}" for address in addresses)
    hop = f"addr add {ground.hop}/32 dev {port}"
    singles = tuple(ip_interface(address) for address in addresses)
    defaults = (
        f"route add default via {ground.hop if version == 4 else HOP6} dev eth0 onlink"
        for version in sorted({address.version for address in addresses})
    )
    return Wire(
        CORE, port, tag, "eth0",
        (f"link set dev {port} up", hop, f"addr add {HOP6}/64 dev {port} nodad", *routes, *extra),
        ("link set dev eth0 up", *_addresses("eth0", singles), *defaults),
    )  # fmt: skip


def _site_wire(site: Site) -> Wire:
    """A home's line to its provider, which routes the delegated prefix and public ones of the file to the router."""
    port = f"site{site.number}"
    outer4, outer6 = site.core
    inner6 = site.wan[1].ip
    return Wire(
        CORE, port, router_tag(site.name), "wan",
        (
            f"link set dev {port} up", *_addresses(port, site.core),
            *(f"route add {prefix} via {inner6} dev {port}" for prefix in site.routed),
        ),
        (
            "link set dev wan up", *_addresses("wan", site.wan),
            f"route add default via {outer4.ip} dev wan", f"route add default via {outer6.ip} dev wan",
        ),
    )  # fmt: skip


def _segment_wires(topology: Topology, segment: Segment) -> Iterator[Wire]:
    for seat in segment.seats:
        lines = _attached(seat.interface, seat.addresses, segment.router if seat.interface == "eth0" else ())
        yield _bridged(segment.bridge, f"h{seat.order}", seat, host_tag(seat.host), seat.interface, lines)
        # Whether the neighbour is refused is what its routes to the network's prefixes are there for.
        hostile = _own_prefixes(topology, (interface.ip for interface in seat.addresses), "eth0")
        lines = (*_attached("eth0", seat.neighbour_addresses, segment.router), *hostile)
        yield _bridged(segment.bridge, f"n{seat.order}", seat, place_tag(seat.neighbour), "eth0", lines)


def _bridged(bridge: str, end: str, seat: Seat, tag: str, interface: str, lines: tuple[str, ...]) -> Wire:
    """A cable from a port of the site's switch."""
    port = f"{bridge}-{end}"
    return Wire(router_tag(seat.site), port, tag, interface, (f"link set dev {port} master {bridge} up",), lines)


def _attached(interface: str, addresses: tuple[Interface, ...], routers: tuple[Interface, ...]) -> tuple[str, ...]:
    """An interface on a LAN, with a default route by the first router address of each family."""
    hops = {router.version: router.ip for router in reversed(routers)}
    defaults = (f"route add default via {hop} dev {interface}" for _, hop in sorted(hops.items()))
    return (f"link set dev {interface} up", *_addresses(interface, addresses), *defaults)


def _addresses(interface: str, addresses: Iterable[Interface]) -> Iterator[str]:
    for address in addresses:
        yield f"addr add {address} dev {interface}{' nodad' if address.version == 6 else ''}"
