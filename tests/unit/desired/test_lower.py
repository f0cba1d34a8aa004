"""Every host gets a whole state, in which each item stands on items that are there."""

from __future__ import annotations

import pytest

from tests.spec_texts import resolved
from tests.topologies import everything, host, joined, many_services, two_hosts
from warren.desired.items.file import File
from warren.desired.items.rules import Rules
from warren.desired.items.tunnel import UNKNOWN_KEY, Tunnel
from warren.desired.lower import lower, with_keys
from warren.desired.model import HostState, Platform, of_kind
from warren.topology.model import Topology

KEYS = {"vps": "vps-key", "home": "home-key"}


def keys_in(state: HostState) -> set[str]:
    return {peer.public_key for tunnel in of_kind(state, Tunnel) for peer in tunnel.peers}


@pytest.mark.parametrize("topology", [two_hosts(), everything(), many_services(3)], ids=lambda each: each.name)
def test_what_an_item_is_inside_of_is_there_and_comes_first(topology: Topology) -> None:
    for state in lower(topology).values():
        for item in state:
            if item.inside is not None:
                assert item.inside in state.items, item.key
                assert state.items[item.inside].rank < item.rank, item.key


def test_every_host_has_its_table_and_its_counters() -> None:
    for state in lower(everything()).values():
        assert [each.table.name for each in of_kind(state, Rules)] == ["warren", "warren_count"]


def test_a_key_that_nobody_made_yet_is_marked() -> None:
    assert keys_in(lower(two_hosts())["home"]) == {UNKNOWN_KEY}
    assert keys_in(lower(two_hosts(), KEYS)["home"]) == {"vps-key"}
    assert keys_in(lower(two_hosts(), KEYS)["vps"]) == {"home-key"}


def test_keys_that_come_later_change_the_tunnels_alone() -> None:
    before = lower(two_hosts())
    assert with_keys(before, two_hosts(), KEYS) == lower(two_hosts(), KEYS)
    assert with_keys(before, two_hosts(), {}) == before


def test_what_a_user_may_read_is_roots_where_there_are_no_users() -> None:
    web = resolved(
        "version: 1\nnetwork: {name: test}\nhosts: {vps: {public: 203.0.113.10}}\n"
        "services: {blog: {host: vps, ports: {web: 80}, expose: {https: www.example.org}}}\n"
    )
    groups = {
        platform: {each.group for each in of_kind(lower(web, platform=platform)["vps"], File)} for platform in Platform
    }
    assert groups[Platform.NETNS] == {"root"} and "web0" in groups[Platform.SYSTEMD]


def test_a_host_alone_has_no_tunnel_and_no_service() -> None:
    (state,) = lower(joined([host("home", 1)], [])).values()
    assert {key.partition(":")[0] for key in state.items} == {"nft", "sysctl", "rule", "route"}


def test_no_text_of_a_state_holds_a_private_key() -> None:
    tunnels = [each for state in lower(everything()).values() for each in of_kind(state, Tunnel)]
    words = " ".join(str(step) for tunnel in tunnels for step in tunnel.create())
    assert "private-key /etc/warren/wireguard.key" in words
    assert words.count("private-key") == words.count("private-key /etc/warren/wireguard.key")
