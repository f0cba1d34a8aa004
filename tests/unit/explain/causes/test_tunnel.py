"""The two ends of a tunnel."""

from __future__ import annotations

from dataclasses import replace

from tests.networks import example
from tests.unit.explain.asking import NAME
from tests.unit.explain.witness import expected, healthy, said, scene
from warren.desired.items.tunnel import Tunnel
from warren.desired.model import HostState
from warren.evidence.model import Peer, Seen
from warren.explain.causes import tunnel
from warren.explain.model import Verdict
from warren.formats.sockets import Listener

TOPOLOGY = example(NAME)


def broken(**seen: Seen) -> Verdict | None:
    return tunnel.ends(scene(expected("internet", "game.query"), seen), "vps", "home")


def peered(name: str, **changes: object) -> Seen:
    """A host whose one peer is otherwise."""
    host = healthy(TOPOLOGY)[name]
    return replace(host, peers=tuple(replace(peer, **changes) for peer in host.peers))  # type: ignore[arg-type]


def test_healthy_ends_have_nothing() -> None:
    assert broken() is None
    found = scene(expected("internet", "game.query"), echoes={("vps", "home"): {200: True}})
    assert tunnel.broken(found, "vps", "home") is None
    assert tunnel.broken(found, "vps", "nobody") is None


def test_interfaces_and_ports() -> None:
    home, vps = healthy(TOPOLOGY)["home"], healthy(TOPOLOGY)["vps"]
    without = replace(home, links=tuple(link for link in home.links if link.name != "wrn-vps"))
    assert said(broken(home=without)) == "tunnel-gone: the tunnel wrn-vps is gone from home"
    down = replace(home, links=tuple(replace(link, up=link.name != "wrn-vps") for link in home.links))
    assert said(broken(home=down)) == "tunnel-down: the tunnel wrn-vps is down on home"
    other = replace(vps, listeners=(Listener("udp", "0.0.0.0", 51820, "nc", 9),))
    assert said(broken(vps=other)) == (
        "port-taken: port 51820/udp of the tunnel on vps is taken by another program: 0.0.0.0:51820/udp (nc, pid 9)"
    )
    own = replace(vps, listeners=(Listener("udp", "0.0.0.0", 51820, "wireguard-go", 9), Listener("udp", "*", 51820)))
    assert broken(vps=own) is None
    assert vps.observed is not None
    item = vps.observed.state.items["link:wrn-vps"]
    assert isinstance(item, Tunnel)
    items = {**vps.observed.state.items, item.key: replace(item, listen_port=51999)}
    moved = replace(vps, observed=replace(vps.observed, state=HostState(items)))
    assert said(broken(vps=moved)) == "tunnel-port: WireGuard listens on port 51999 of vps, not on 51820"


def test_packets_that_are_too_large_for_the_interface() -> None:
    home = healthy(TOPOLOGY)["home"]
    small = tuple(replace(link, mtu=500) if link.name == "wrn-vps" else link for link in home.links)
    assert said(broken(home=replace(home, links=small))) == (
        "tunnel-mtu: wrn-vps on home takes packets of 500 bytes only, not of 1420"
    )


def test_keys() -> None:
    assert said(broken(home=peered("home", own_key="other"))) == (
        "own-key: wrn-vps on home has another private key than the key file of home"
    )
    assert said(broken(home=peered("home", key="stranger-key"))) == (
        "peer-key: the tunnel on home does not know the key of vps: vps has vps…, home expects stranger…"
    )


def test_prefixes() -> None:
    assert said(broken(vps=peered("vps", allowed=frozenset({"fd13:46ad:d446:1::/64"})))) == (
        "allowed-ips: AllowedIPs of home on vps lack 10.86.1.0/24"
    )
    vps = peered("vps", allowed=frozenset({"fd13:46ad:d446:1::/64"}))
    thief = Peer("wrn-vps", "vps", 51820, "thief-of-prefixes", None, frozenset({"10.86.1.0/24"}), 0, 0, 0)
    assert said(broken(vps=replace(vps, peers=(*vps.peers, thief)))) == (
        "allowed-ips-swapped: on vps AllowedIPs of home belong to another peer (thief-of…): 10.86.1.0/24"
    )
    more = frozenset({"10.86.1.0/24", "fd13:46ad:d446:1::/64", "10.0.0.0/8"})
    assert said(broken(vps=peered("vps", allowed=more))) == (
        "allowed-ips: AllowedIPs of home on vps also have 10.0.0.0/8"
    )


def test_endpoints() -> None:
    assert said(broken(home=peered("home", endpoint="192.0.2.9:51820"))) == (
        "endpoint-stale: home looks for vps at 192.0.2.9:51820, and it is at 203.0.113.10:51820"
    )
