"""Which table a packet is looked up in, and what the tables hold.

In: a view. Out: a fixed handful of routing rules and the host's routes to other hosts and through tunnels. Never
touches the host's default route. What has no mark and comes from the network, or goes to it, is unreachable: without
our nftables rules nothing is routed at all.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.desired.items.route import IpRule, Route
from warren.desired.items.sysctl import FORWARD6, Sysctl
from warren.desired.model import Item
from warren.desired.parts.marks import DIRECT, INTERNAL, MASK, NETWORK_TABLE, gateway_mark, gateway_table
from warren.desired.view import HostView
from warren.topology.model import Host

FIRST_PRIORITY = 8600


def routes(view: HostView) -> Iterator[Item]:
    """Forwarding, rules of both families, and the routes of our tables."""
    yield Sysctl("net.ipv4.ip_forward", "1")
    # The reverse-path check looks with the packet's mark, as wg-quick(8) has it too.
    yield Sysctl("net.ipv4.conf.all.src_valid_mark", "1")
    yield Sysctl(FORWARD6, "1")
    for family in (4, 6):
        for offset, (selector, action) in enumerate(_rules(view, family)):
            yield IpRule(family, FIRST_PRIORITY + offset, selector, action)
    yield from _network(view)
    for tunnel in view.dialled:
        yield from _through(view.topology.hosts[tunnel.gateway], tunnel.interface)
    if view.host.is_gateway:
        yield from _own(view)


def _rules(view: HostView, family: int) -> Iterator[tuple[str, str]]:
    prefix = view.topology.prefix4 if family == 4 else view.topology.prefix6
    if view.host.is_gateway and view.served:
        mark = gateway_mark(view.host)
        yield f"to {prefix} fwmark {mark:#x}/{MASK:#x} iif lo", str(gateway_table(view.host))
    yield f"to {prefix} iif lo", str(NETWORK_TABLE)
    for gateway in _gateways(view):
        yield f"fwmark {gateway_mark(gateway):#x}/{MASK:#x}", str(gateway_table(gateway))
    for mark in _to_network_marks(view):
        yield f"fwmark {mark:#x}/{MASK:#x}", str(NETWORK_TABLE)
        # No packet to the network gets here, for its table ends in `unreachable`. The reverse-path check does: it asks
        # with the packet's mark (src_valid_mark) for the way back to a client, and any way will do for it.
        yield f"fwmark {mark:#x}/{MASK:#x}", "main"
    yield f"fwmark {DIRECT:#x}/{MASK:#x}", "main"
    yield f"from {prefix} iif lo", "main"
    # What comes by a tunnel has a mark or is for this host. Without our nftables rules it does not reach the LAN
    # either, and is not answered: that would go out by the uplink and tell where this host is.
    for interface in sorted(view.interfaces):
        yield f"iif {interface}", "blackhole"
    yield f"from {prefix}", "unreachable"
    yield f"to {prefix}", "unreachable"


def _to_network_marks(view: HostView) -> Iterator[int]:
    yield INTERNAL
    if view.host.is_gateway and view.served:
        yield gateway_mark(view.host)


def _gateways(view: HostView) -> list[Host]:
    names = {tunnel.gateway for tunnel in view.tunnels}
    return [gateway for gateway in view.topology.gateways if gateway.name in names]


def _network(view: HostView) -> Iterator[Route]:
    own = view.host.addresses
    for everything in (view.topology.prefix4, view.topology.prefix6):
        yield Route(str(everything), str(NETWORK_TABLE))
    for other in view.topology.hosts.values():
        if interface := view.way_to(other.name):
            for prefix in other.prefixes:
                source = own.v4 if prefix.version == 4 else own.v6
                yield Route(str(prefix), str(NETWORK_TABLE), interface, source=str(source))


def _through(gateway: Host, interface: str) -> Iterator[Route]:
    table = str(gateway_table(gateway))
    for everything in ("0.0.0.0/0", "::/0"):
        yield Route(everything, table, interface)
        yield Route(everything, table)


def _own(view: HostView) -> Iterator[Route]:
    # What the Internet sends to a service behind this gateway keeps the client's address, and only this gateway's
    # interface lets foreign addresses out at the far end: hosts that dial here are reached by it alone.
    table = str(gateway_table(view.host))
    for tunnel in view.served:
        for prefix in view.topology.hosts[tunnel.dialer].prefixes:
            yield Route(str(prefix), table, tunnel.interface)
