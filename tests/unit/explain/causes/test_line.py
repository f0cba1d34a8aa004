"""Between the two ends of a tunnel."""

from __future__ import annotations

from dataclasses import replace

from tests.networks import example
from tests.unit.explain.asking import NAME
from tests.unit.explain.witness import WATCH, expected, healthy, said, scene
from warren.evidence.model import Seen
from warren.explain.causes import line
from warren.explain.model import Verdict
from warren.formats.iproute import RouteLine
from warren.formats.nft_trace import Header, TraceLine

TOPOLOGY = example(NAME)
TUNNEL = TOPOLOGY.tunnels[0]
DEAD = {("vps", "home"): {200: False, 1420: False}}


def broken(lines: dict[str, tuple[TraceLine, ...]] | None = None, **seen: Seen) -> Verdict | None:
    return line.broken(scene(expected("internet", "game.query"), seen, lines=lines or {}, echoes=DEAD), TUNNEL)


def outer(number: str, out: bool) -> TraceLine:
    """One of WireGuard's own packets."""
    head = Header("" if out else "eth0", "eth0" if out else "", "192.168.2.10", "203.0.113.10", 40000, 51820, 0, 17)
    return TraceLine(number, "inet", WATCH, "first_output" if out else "first_prerouting", "packet", header=head)


def test_what_carries_packets_is_not_dead() -> None:
    found = scene(expected("internet", "game.query"), echoes={("vps", "home"): {200: True, 1420: False}})
    assert line.carries(found, TUNNEL)
    assert line.broken(found, TUNNEL) is None
    assert said(line.black_hole(found)) == (
        "mtu-black-hole: packets of 1420 bytes are lost in the tunnel between vps and home, small ones pass"
    )
    assert line.black_hole(scene(expected("internet", "game.query"), echoes=DEAD)) is None


def test_a_route_of_somebody_else() -> None:
    home = healthy(TOPOLOGY)["home"]
    route = RouteLine("unicast", "203.0.113.0/24", "main", "eth0", "192.168.2.66", None, "dhcp", None)
    assert said(broken(home=replace(home, routes=(*home.routes, route)))) == (
        "route-hijacked: on home a route of somebody else (dhcp) leads to vps: 203.0.113.0/24 via 192.168.2.66"
    )


def test_no_route_at_all() -> None:
    home = replace(healthy(TOPOLOGY)["home"], ways={"endpoint.vps": "RTNETLINK answers: Network is unreachable"})
    assert said(broken(home=home)) == (
        "no-uplink: home has no route to vps at 203.0.113.10: RTNETLINK answers: Network is unreachable"
    )


def test_a_gateway_without_a_way_back() -> None:
    vps = healthy(TOPOLOGY)["vps"]
    routes = tuple(replace(each, prefix="203.0.113.0/24", via=None) for each in vps.routes)
    peers = tuple(replace(each, endpoint="198.51.100.20:40000") for each in vps.peers)
    assert said(broken(vps=replace(vps, routes=routes, peers=peers))) == (
        "no-uplink: vps has no route to home at 198.51.100.20: it cannot answer"
    )
    assert said(broken(vps=replace(vps, peers=peers))).startswith("no-handshake")


def test_a_tunnel_that_has_woken() -> None:
    asleep = scene(expected("internet", "game.query"), echoes=DEAD)
    assert line.woken(asleep, TUNNEL) is None
    awake = scene(expected("internet", "game.query"), echoes={("home", "vps"): {200: True}})
    assert said(line.woken(awake, TUNNEL)) == (
        "tunnel-woken: the tunnel of home to vps did not carry it, and carries packets again now"
    )


def test_a_clock_that_goes_back() -> None:
    home = replace(healthy(TOPOLOGY)["home"], late=7200)
    assert said(broken(home=home)) == (
        "clock-back: the clock of home is 2 hours behind: vps refuses its handshakes as old"
    )


def test_a_drop_of_wireguards_own_packets() -> None:
    drop = TraceLine("a", "ip", "filter", "ufw-before-input", "rule", "drop", "drop")
    found = broken({"vps": (outer("a", out=False), drop), "home": ()})
    assert said(found) == (
        "tunnel-dropped: on vps ufw drops WireGuard's packets (51820/udp): table ip filter, chain ufw-before-input"
    )
    assert found is not None and found.remedy == "`ufw allow 51820/udp`"
