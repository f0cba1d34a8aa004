from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address

from tests.networks import outside_of, states_of
from tests.topologies import two_hosts
from warren.desired.items.tunnel import UNKNOWN_KEY, Tunnel
from warren.desired.lower import lower
from warren.desired.model import HostState
from warren.prove.network import network
from warren.prove.tunnels import Tunnels, endpoint, tunnels

TOPOLOGY = two_hosts()
HOME, VPS = ("home", "wrn-vps"), ("vps", "wrn-vps")


def found(states: dict[str, HostState]) -> Tunnels:
    return tunnels(network(states, outside_of(TOPOLOGY)))


def swapped(host: str, **changes: object) -> dict[str, HostState]:
    states = states_of(TOPOLOGY)
    tunnel = states[host].items["link:wrn-vps"]
    assert isinstance(tunnel, Tunnel)
    peers = frozenset(replace(peer, **changes) for peer in tunnel.peers)  # type: ignore[arg-type]
    states[host] = HostState({**states[host].items, tunnel.key: replace(tunnel, peers=peers)})
    return states


def number(text: str) -> int:
    return int(ip_address(text))


def test_ends_find_each_other() -> None:
    made = found(states_of(TOPOLOGY))
    assert [dial[:2] for dial in made.dials] == [(HOME, VPS)]
    assert made.peers[HOME][0].far == VPS and made.peers[VPS][0].far == HOME


def test_the_target_chooses_the_peer_and_the_source_must_belong_to_it() -> None:
    made = found(states_of(TOPOLOGY))
    assert made.choose(VPS, 4, number("10.86.1.2")) is made.peers[VPS][0]
    assert made.choose(VPS, 4, number("198.51.100.7")) is None
    assert made.trusts(VPS, HOME, 4, number("10.86.1.2"))
    assert not made.trusts(VPS, HOME, 4, number("198.51.100.7"))
    assert made.trusts(HOME, VPS, 4, number("198.51.100.7"))


def test_before_keys_are_known_addresses_tell() -> None:
    made = found(lower(TOPOLOGY))
    assert made.peers[HOME][0].key == UNKNOWN_KEY
    assert made.peers[HOME][0].far == VPS and made.peers[VPS][0].far == HOME


def test_a_wrong_key_port_or_address_is_no_tunnel() -> None:
    for host, change in (
        ("home", {"public_key": "home"}),
        ("vps", {"public_key": "someone else"}),
        ("home", {"endpoint": "203.0.113.10:51821"}),
        ("home", {"endpoint": "203.0.113.11:51820"}),
    ):
        assert found(swapped(host, **change)).peers[HOME][0].far is None


def test_endpoints_are_read_in_both_families() -> None:
    assert endpoint("203.0.113.10:51820") == ((4, number("203.0.113.10")), 51820)
    assert endpoint("[2001:db8::1]:443") == ((6, number("2001:db8::1")), 443)
