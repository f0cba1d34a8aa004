"""WireGuard at its two ends: interfaces, ports, keys, prefixes, endpoints.

In: a scene and the two hosts. Out: a verdict, or None. Never needs a private key: the public halves tell.
"""

from __future__ import annotations

from collections.abc import Callable

from warren.desired.items.tunnel import Peer as PeerItem
from warren.desired.items.tunnel import Tunnel as TunnelItem
from warren.evidence.model import Peer
from warren.explain.causes import line
from warren.explain.model import Verdict, first_of
from warren.explain.scene import APPLY, Scene
from warren.topology.model import Tunnel

Cause = Callable[[Scene, Tunnel], Verdict | None]
WIREGUARD = "wireguard"


def broken(scene: Scene, one: str, other: str) -> Verdict | None:
    """What is wrong with the tunnel between two hosts: at its ends, then between them."""
    tunnel = scene.tunnel(one, other)
    if tunnel is None:
        return None
    return ends(scene, one, other) or line.broken(scene, tunnel)


def ends(scene: Scene, one: str, other: str) -> Verdict | None:
    """What is wrong at the ends of the tunnel between two hosts."""
    tunnel = scene.tunnel(one, other)
    causes: tuple[Cause, ...] = (_taken, _interface, _mtu, _port, _own_key, _peer_keys, _prefixes, _endpoint)
    return first_of(found for cause in causes if tunnel and (found := cause(scene, tunnel)))


def _both(tunnel: Tunnel) -> tuple[tuple[str, str], tuple[str, str]]:
    """Each end with the other, the dialling one first."""
    return (tunnel.dialer, tunnel.gateway), (tunnel.gateway, tunnel.dialer)


def _interface(scene: Scene, tunnel: Tunnel) -> Verdict | None:
    for host, _ in _both(tunnel):
        links = {link.name: link for link in scene.seen(host).links}
        if links and tunnel.interface not in links:
            return scene.verdict("tunnel-gone", host, f"the tunnel {tunnel.interface} is gone from {host}")
        if links and not links[tunnel.interface].up:
            return scene.verdict("tunnel-down", host, f"the tunnel {tunnel.interface} is down on {host}")
    return None


def _mtu(scene: Scene, tunnel: Tunnel) -> Verdict | None:
    """An interface that takes smaller packets than it should; below 1280 bytes it has no IPv6 at all."""
    for host, _ in _both(tunnel):
        wanted = scene.wanted_tunnel(host, tunnel.interface)
        held = next((each.mtu for each in scene.seen(host).links if each.name == tunnel.interface), None)
        if wanted is not None and held is not None and held < wanted.mtu:
            words = f"{tunnel.interface} on {host} takes packets of {held} bytes only, not of {wanted.mtu}"
            return scene.verdict("tunnel-mtu", host, words)
    return None


def _taken(scene: Scene, tunnel: Tunnel) -> Verdict | None:
    """Somebody else has the gateway's port."""
    host, port = tunnel.gateway, tunnel.port
    for each in scene.seen(host).listeners:
        mine = (each.protocol, each.port) == ("udp", port)
        if mine and each.program and not each.program.startswith(WIREGUARD):
            words = f"port {port}/udp of the tunnel on {host} is taken by another program: {each}"
            return scene.verdict("port-taken", host, words, f"end that program; {APPLY}")
    return None


def _port(scene: Scene, tunnel: Tunnel) -> Verdict | None:
    """WireGuard listens at another port than the file says."""
    host, observed = tunnel.gateway, scene.seen(tunnel.gateway).observed
    item = observed.state.items.get(f"link:{tunnel.interface}") if observed else None
    if not isinstance(item, TunnelItem) or item.listen_port == tunnel.port:
        return None
    words = f"WireGuard listens on port {item.listen_port} of {host}, not on {tunnel.port}"
    return scene.verdict("tunnel-port", host, words)


def _own_key(scene: Scene, tunnel: Tunnel) -> Verdict | None:
    for host, _ in _both(tunnel):
        held = {peer.own_key for peer in scene.peers(host, tunnel.interface)}
        wanted = scene.key(host)
        if held and wanted and wanted not in held:
            words = f"{tunnel.interface} on {host} has another private key than the key file of {host}"
            remedy = f"`wg set {tunnel.interface} private-key /etc/warren/wireguard.key` on {host}"
            return scene.verdict("own-key", host, words, remedy)
    return None


def _peer_keys(scene: Scene, tunnel: Tunnel) -> Verdict | None:
    for host, other in _both(tunnel):
        wanted, peers = scene.key(other), scene.peers(host, tunnel.interface)
        if not wanted or not scene.seen(host).links or any(peer.key == wanted for peer in peers):
            continue
        held = f"expects {peers[0].key[:8]}…" if len(peers) == 1 else "has no peer with this key"
        words = f"the tunnel on {host} does not know the key of {other}: {other} has {wanted[:8]}…, {host} {held}"
        return scene.verdict("peer-key", host, words)
    return None


def peer(scene: Scene, host: str, other: str, interface: str) -> Peer | None:
    """The peer that another host is."""
    key = scene.key(other)
    return next((each for each in scene.peers(host, interface) if each.key == key), None)


def _wanted(scene: Scene, host: str, other: str, interface: str) -> PeerItem | None:
    """The peer as it should be."""
    item, key = scene.wanted_tunnel(host, interface), scene.key(other)
    return next((each for each in item.peers if each.public_key == key), None) if item else None


def _prefixes(scene: Scene, tunnel: Tunnel) -> Verdict | None:
    for host, other in _both(tunnel):
        held, wanted = peer(scene, host, other, tunnel.interface), _wanted(scene, host, other, tunnel.interface)
        if held is not None and wanted is not None and held.allowed != wanted.allowed:
            return _prefixes_differ(scene, host, other, held, wanted.allowed)
    return None


def _prefixes_differ(scene: Scene, host: str, other: str, held: Peer, wanted: frozenset[str]) -> Verdict:
    lost = wanted - held.allowed
    names = {scene.key(name): name for name in scene.topology.hosts}
    peers = scene.peers(host, held.interface)
    others = [each for each in peers if each.key != held.key and each.allowed & lost]
    if others:
        owners = ", ".join(sorted(names.get(each.key, f"another peer ({each.key[:8]}…)") for each in others))
        words = f"on {host} AllowedIPs of {other} belong to {owners}: {', '.join(sorted(lost))}"
        return scene.verdict("allowed-ips-swapped", host, words)
    more = held.allowed - wanted
    differs = f"lack {', '.join(sorted(lost))}" if lost else f"also have {', '.join(sorted(more))}"
    return scene.verdict("allowed-ips", host, f"AllowedIPs of {other} on {host} {differs}")


def _endpoint(scene: Scene, tunnel: Tunnel) -> Verdict | None:
    host, gateway = tunnel.dialer, tunnel.gateway
    held, wanted = peer(scene, host, gateway, tunnel.interface), _wanted(scene, host, gateway, tunnel.interface)
    if held is None or wanted is None or held.endpoint == wanted.endpoint:
        return None
    words = f"{host} looks for {gateway} at {held.endpoint or 'no address'}, and it is at {wanted.endpoint}"
    return scene.verdict("endpoint-stale", host, words)
