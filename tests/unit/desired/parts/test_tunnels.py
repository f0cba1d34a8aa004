"""Tunnels: exact prefixes at the gateway, so that no host speaks for another; everything at the dialling end."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address

from tests.topologies import everything, host, joined, two_hosts
from tests.unit.desired.reading import view_of
from warren.desired.items.tunnel import Tunnel
from warren.desired.parts.tunnels import EVERYTHING, tunnels
from warren.topology.model import Topology


def held(topology: Topology, name: str) -> dict[str, Tunnel]:
    return {each.name: each for each in tunnels(view_of(topology, name)) if isinstance(each, Tunnel)}


def test_a_gateway_listens_for_those_who_dial_it() -> None:
    (listening,) = held(two_hosts(), "vps").values()
    assert listening.listen_port == 51820
    assert {peer.public_key: sorted(peer.allowed) for peer in listening.peers} == {
        "home": ["10.86.1.0/24", "fd86:86:86:1::/64"]
    }


def test_a_listener_waits() -> None:
    (listening,) = held(two_hosts(), "vps").values()
    assert {(peer.endpoint, peer.keepalive) for peer in listening.peers} == {(None, None)}


def test_who_dials_lets_everything_in_and_keeps_the_line_open() -> None:
    (dialling,) = held(two_hosts(), "home").values()
    (gateway,) = dialling.peers
    assert (gateway.public_key, gateway.allowed) == ("vps", EVERYTHING)
    assert (gateway.endpoint, gateway.keepalive) == ("203.0.113.10:51820", 25)
    assert dialling.listen_port is None


def test_no_prefix_at_a_gateway_belongs_to_two() -> None:
    for name in ("vps", "edge"):
        listening = held(everything(), name)[f"wrn-{name}"]
        prefixes = [prefix for peer in listening.peers for prefix in peer.allowed]
        assert len(prefixes) == len(set(prefixes)) == 6
        assert not EVERYTHING & set(prefixes)


def test_one_interface_a_gateway_at_both_ends() -> None:
    assert {name: sorted(held(everything(), name)) for name in everything().hosts} == {
        name: ["wrn-edge", "wrn-vps"] for name in ("vps", "home", "edge", "cabin")
    }
    assert all(len(held(everything(), "home")[name].peers) == 1 for name in ("wrn-vps", "wrn-edge"))


def test_every_interface_has_the_host_s_own_address_and_no_other() -> None:
    for each in held(everything(), "cabin").values():
        assert each.addresses == {"10.86.3.1/32", "fd86:86:86:3::1/128"}


def test_the_smallest_of_its_peers_packets_fits_a_gateway() -> None:
    topology = everything()
    smaller = [replace(each, mtu=1280) if each.dialer == "cabin" else each for each in topology.tunnels]
    found = replace(topology, tunnels=tuple(smaller))
    assert held(found, "vps")["wrn-vps"].mtu == 1280
    assert held(found, "cabin")["wrn-vps"].mtu == 1280
    assert held(found, "home")["wrn-vps"].mtu == 1420


def test_an_ipv6_endpoint_is_in_brackets() -> None:
    topology = two_hosts()
    (tunnel,) = topology.tunnels
    by6 = replace(topology, tunnels=(replace(tunnel, endpoint=ip_address("2001:db8:10::10")),))
    (dialling,) = held(by6, "home").values()
    assert {peer.endpoint for peer in dialling.peers} == {"[2001:db8:10::10]:51820"}


def test_without_a_gateway_there_is_no_tunnel() -> None:
    assert held(joined([host("home", 1), host("cabin", 3)], []), "home") == {}
