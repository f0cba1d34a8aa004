"""Two ends of a tunnel that do not hear each other: which of them is not heard, and whether the line carries anything.

In: a scene and a tunnel whose ends, ways and clocks are as they should be, and which is dead all the same. Out: a
verdict, or None. Never takes an end for unheard that may have said nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.evidence.model import Peer
from warren.evidence.watch import OUTER_RATE
from warren.explain.model import Verdict
from warren.explain.progress import INWARD, OUTWARD, Passage
from warren.explain.scene import Scene
from warren.formats.nft_trace import TraceLine
from warren.topology.model import Tunnel

UNITS = ((86400 * 365, "years"), (86400, "days"), (3600, "hours"), (60, "minutes"))


def silent(scene: Scene, tunnel: Tunnel) -> Verdict | None:
    """What is known of the line, from the least that it carries."""
    if scene.evidence.pings.get((tunnel.dialer, tunnel.gateway)) is False:
        return _cut(scene, tunnel)
    return _unheard(scene, tunnel) or _dead(scene, tunnel)


def _cut(scene: Scene, tunnel: Tunnel) -> Verdict:
    """Not even a ping outside of the tunnel."""
    host, gateway, door = tunnel.dialer, tunnel.gateway, tunnel.endpoint
    words = f"{host} and {gateway} do not hear each other, and {host} cannot even ping {door}: the line is cut"
    remedy = f"see that {host} is online; if others reach {door}, ask the provider of {host}, else that of {gateway}"
    return scene.verdict("line-cut", host, words, remedy)


def _unheard(scene: Scene, tunnel: Tunnel) -> Verdict | None:
    """What one end sends, or both, and the other does not see."""
    host, gateway, port = tunnel.dialer, tunnel.gateway, f"UDP {tunnel.port}"
    asking, answering = _is_lost(scene, tunnel, host), _is_lost(scene, tunnel, gateway)
    pinged = f", although {host} can ping {tunnel.endpoint}" if _pinged(scene, tunnel) else ""
    if asking and answering:
        words = f"WireGuard's packets of {host} and {gateway} do not arrive at each other{pinged}: {port} is dropped"
    elif asking:
        words = f"WireGuard's packets of {host} do not arrive at {gateway}{pinged}: {port} is dropped on the way"
    elif answering:
        words = f"WireGuard's packets of {gateway} do not arrive at {host}{pinged}: they are dropped on the way"
        remedy = f"see that the router and the provider of {host} let answers from {port} of {gateway} in"
        return scene.verdict("tunnel-blocked", host, words, remedy)
    else:
        return None
    remedy = f"open {port} in the provider's firewall before {gateway}, and see that {host} may send to it"
    return scene.verdict("tunnel-blocked", gateway, words, remedy)


def _pinged(scene: Scene, tunnel: Tunnel) -> bool:
    return scene.evidence.pings.get((tunnel.dialer, tunnel.gateway), False)


def _is_lost(scene: Scene, tunnel: Tunnel, near: str) -> bool:
    """Whether one end was seen sending, and the other was not seen getting anything from it."""
    far = tunnel.gateway if near == tunnel.dialer else tunnel.dialer
    if not scene.evidence.traced >= {near, far} or not list(_passages(scene, tunnel, near, OUTWARD)):
        return False
    # Who gets more than is watched may have got these too.
    seen = sum(each.packets for (host, way), each in scene.passed.items() if host == far and way.startswith(INWARD))
    return seen < OUTER_RATE and not list(_passages(scene, tunnel, far, INWARD))


def _passages(scene: Scene, tunnel: Tunnel, host: str, direction: str) -> Iterator[Passage]:
    """WireGuard's own packets on a host, of this tunnel: those of other peers are known by their endpoints.

    The end that dials may be known to the gateway by another address than it has now.
    """
    if host == tunnel.dialer:
        ends = {f"{direction} {tunnel.endpoint} {tunnel.port}"}
        yield from (each for (at, way), each in scene.passed.items() if at == host and way in ends)
        return
    key = scene.key(tunnel.dialer)
    others = {f"{direction} {_end(peer)}" for peer in scene.seen(host).peers if peer.key != key}
    for (at, way), each in scene.passed.items():
        if at == host and way.startswith(direction) and way not in others:
            yield each


def _end(peer: Peer) -> str:
    """An endpoint as packets have it: address and port."""
    address, _, port = (peer.endpoint or "").rpartition(":")
    return f"{address.strip('[]')} {port}"


def drops(scene: Scene, tunnel: Tunnel, host: str, direction: str) -> Iterator[TraceLine]:
    """Rules of others that ended the tunnel's own packets on a host."""
    for passage in _passages(scene, tunnel, host, direction):
        if passage.drop and not passage.drop.table.startswith("warren"):
            yield passage.drop


def _dead(scene: Scene, tunnel: Tunnel) -> Verdict | None:
    key, seen = scene.key(tunnel.gateway), scene.seen(tunnel.dialer)
    found = next((each for each in scene.peers(tunnel.dialer, tunnel.interface) if each.key == key), None)
    if found is None:
        return None
    since = f"no handshake for {span(seen.now - found.handshake)}" if found.handshake else "there was no handshake yet"
    words = f"the tunnel of {tunnel.dialer} to {tunnel.gateway} is dead: {since}"
    online = "" if _pinged(scene, tunnel) else f"{tunnel.dialer} is online, and that "
    remedy = f"see that {online}UDP {tunnel.port} reaches {tunnel.gateway}"
    return scene.verdict("no-handshake", tunnel.dialer, words, remedy)


def span(seconds: int) -> str:
    """A time in the one unit that matters."""
    for length, unit in UNITS:
        if seconds >= 2 * length:
            return f"{seconds // length} {unit}"
    return f"{seconds} seconds"
