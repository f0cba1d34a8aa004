"""Between the two ends of a tunnel: the way to the gateway's door, clocks, drops, and how large packets may be.

In: a scene and a tunnel whose ends are as they should be. Out: a verdict, or None. Never says that a tunnel is dead
that carries packets.
"""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_network

from warren.explain.asking import endpoint_key
from warren.explain.causes import apart, rules
from warren.explain.causes.routing import WARREN
from warren.explain.model import Verdict
from warren.explain.progress import INWARD, OUTWARD
from warren.explain.scene import APPLY, Scene
from warren.formats.iproute import RouteLine
from warren.topology.model import Address, Tunnel

DEVICE = re.compile(r"\bdev (\S+)")
# A peer refuses a handshake whose time is before that of the last one: clocks that go back end a tunnel.
MOST_LATE = 60
# Who gives routes to a host without being asked (rtnetlink(7), rtm_protocol).
LEARNED = ("dhcp", "ra")


def broken(scene: Scene, tunnel: Tunnel) -> Verdict | None:
    """What lies between."""
    if carries(scene, tunnel):
        return None
    return _way(scene, tunnel) or _clock(scene, tunnel) or _dropped(scene, tunnel) or apart.silent(scene, tunnel)


def carries(scene: Scene, tunnel: Tunnel) -> bool:
    """Whether the tunnel itself carries small packets now."""
    ends = (tunnel.dialer, tunnel.gateway)
    found = (scene.evidence.echoes.get(each, {}) for each in (ends, ends[::-1]))
    return any(came for sizes in found for came in sizes.values())


def _way(scene: Scene, tunnel: Tunnel) -> Verdict | None:
    """The way of the dialling host to the gateway's door should be that of everything else."""
    host = tunnel.dialer
    routes = [each for each in scene.seen(host).routes if _is_strange(each, tunnel.endpoint)]
    if routes:
        best = max(routes, key=_length)
        via = f"via {best.via}" if best.via else f"dev {best.device}" if best.device else best.kind
        words = f"on {host} a route of somebody else ({best.protocol}) leads to {tunnel.gateway}: {best.prefix} {via}"
        remedy = f"`ip route del {best.prefix}` on {host}, unless it is meant"
        if best.protocol in LEARNED:
            remedy = "take the route away, and take none from DHCP: `UseRoutes=no`"
        return scene.verdict("route-hijacked", host, words, remedy)
    said = scene.seen(host).ways.get(endpoint_key(tunnel.gateway), "")
    if said and not DEVICE.search(said):
        words = f"{host} has no route to {tunnel.gateway} at {tunnel.endpoint}: {said}"
        return scene.verdict("no-uplink", host, words, f"see to the default route of {host}")
    return _no_way_back(scene, tunnel)


def _no_way_back(scene: Scene, tunnel: Tunnel) -> Verdict | None:
    """The gateway has no route at all to where it last heard the end that dials."""
    host, key, family = tunnel.gateway, scene.key(tunnel.dialer), tunnel.endpoint.version
    known = scene.seen(host).routes
    held = [each for each in known if each.table == "main" and each.family == family]
    peers = [each for each in scene.peers(host, tunnel.interface) if each.key == key and each.endpoint]
    for peer in peers if known else ():
        last = ip_address((peer.endpoint or "").rpartition(":")[0].strip("[]"))
        if last.version == family and not any(last in ip_network(each.prefix, strict=False) for each in held):
            words = f"{host} has no route to {tunnel.dialer} at {last}: it cannot answer"
            return scene.verdict("no-uplink", host, words, f"see to the default route of {host}")
    return None


def woken(scene: Scene, tunnel: Tunnel) -> Verdict | None:
    """A packet was lost in a tunnel that carries others now."""
    if not carries(scene, tunnel):
        return None
    words = f"the tunnel of {tunnel.dialer} to {tunnel.gateway} did not carry it, and carries packets again now"
    remedy = f"ask again; if that is often so, lower `keepalive:` of {tunnel.dialer}"
    return scene.verdict("tunnel-woken", tunnel.gateway, words, remedy)


def _is_strange(route: RouteLine, address: Address) -> bool:
    """A route in the main table to this address that neither the kernel nor we made, and that is no default route."""
    if route.table != "main" or route.family != address.version or route.protocol in (*WARREN, "kernel"):
        return False
    return _length(route) > 0 and address in ip_network(route.prefix, strict=False)


def _length(route: RouteLine) -> int:
    return int(route.prefix.rpartition("/")[2])


def _clock(scene: Scene, tunnel: Tunnel) -> Verdict | None:
    for host, other in ((tunnel.dialer, tunnel.gateway), (tunnel.gateway, tunnel.dialer)):
        late = scene.seen(host).late - scene.seen(other).late
        if late > MOST_LATE:
            words = f"the clock of {host} is {apart.span(late)} behind: {other} refuses its handshakes as old"
            remedy = f"set the clock of {host}, take its peer away on {other}, and {APPLY}"
            return scene.verdict("clock-back", host, words, remedy)
    return None


def _dropped(scene: Scene, tunnel: Tunnel) -> Verdict | None:
    """A rule that ends WireGuard's own packets on one of the hosts."""
    for host in (tunnel.dialer, tunnel.gateway):
        for direction in (OUTWARD, INWARD):
            for found in apart.drops(scene, tunnel, host, direction):
                owner, _ = rules.owner_of(scene, host, found)
                where = f"table {found.family} {found.table}, chain {found.chain}"
                who = owner or "a table of somebody else"
                advice = rules.INPUT.get(owner or "", "accept UDP {port} there")
                words = f"on {host} {who} drops WireGuard's packets ({tunnel.port}/udp): {where}"
                return scene.verdict("tunnel-dropped", host, words, advice.format(port=tunnel.port, protocol="udp"))
    return None


def black_hole(scene: Scene) -> Verdict | None:
    """Small packets pass through a tunnel, large ones do not."""
    for (near, far), sizes in scene.evidence.echoes.items():
        if len(sizes) > 1 and sizes[min(sizes)] and not sizes[max(sizes)]:
            words = f"packets of {max(sizes)} bytes are lost in the tunnel between {near} and {far}, small ones pass"
            remedy = f"lower `mtu:` of {near} or {far}: a line on the way carries less and does not say so"
            return scene.verdict("mtu-black-hole", near, words, remedy)
    return None
