"""One WireGuard interface per gateway, on the gateway and on every host that dials it.

In: the host's ends of tunnels and everybody's public keys. Out: one tunnel item an interface. Never a private key.
AllowedIPs are exact at the gateway, so that a host cannot speak for another (wg(8)).
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.desired.items.tunnel import UNKNOWN_KEY, Peer
from warren.desired.items.tunnel import Tunnel as TunnelItem
from warren.desired.model import Item
from warren.desired.view import HostView
from warren.topology.model import Address, Tunnel

EVERYTHING = frozenset({"0.0.0.0/0", "::/0"})


def tunnels(view: HostView) -> Iterator[Item]:
    """The interfaces of the host."""
    for tunnel in view.dialled:
        yield from _interface(view, tunnel.interface, tunnel.mtu, frozenset({_gateway(view, tunnel)}), None)
    if served := view.served:
        peers = frozenset(_dialer(view, tunnel) for tunnel in served)
        mtu = min(tunnel.mtu for tunnel in served)
        yield from _interface(view, served[0].interface, mtu, peers, view.host.tunnel_port)


def _interface(view: HostView, name: str, mtu: int, peers: frozenset[Peer], port: int | None) -> Iterator[Item]:
    addresses = frozenset({f"{view.host.addresses.v4}/32", f"{view.host.addresses.v6}/128"})
    yield TunnelItem(name, mtu, addresses, peers, port)


def _gateway(view: HostView, tunnel: Tunnel) -> Peer:
    key = view.keys.get(tunnel.gateway, UNKNOWN_KEY)
    return Peer(key, EVERYTHING, _endpoint(tunnel.endpoint, tunnel.port), tunnel.keepalive)


def _dialer(view: HostView, tunnel: Tunnel) -> Peer:
    dialer = view.topology.hosts[tunnel.dialer]
    return Peer(view.keys.get(dialer.name, UNKNOWN_KEY), frozenset(str(prefix) for prefix in dialer.prefixes))


def _endpoint(address: Address, port: int) -> str:
    return f"[{address}]:{port}" if address.version == 6 else f"{address}:{port}"
