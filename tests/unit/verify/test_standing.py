"""standing: hosts with what others have put on them."""

from __future__ import annotations

import json

from tests.topologies import two_hosts
from warren.desired.items.route import IpRule, Route
from warren.desired.items.rules import Rules
from warren.desired.model import HostState, of_kind
from warren.observe import Observed
from warren.verify.standing import standing, tables

CHAIN = {"family": "ip", "table": "filter", "name": "FORWARD", "type": "filter", "hook": "forward", "prio": 0}
LISTING = {
    "nftables": [
        {"table": {"family": "ip", "name": "filter"}},
        {"chain": {**CHAIN, "policy": "drop"}},
        {"rule": {"family": "ip", "table": "filter", "chain": "FORWARD", "expr": [{"xt": {"name": "conntrack"}}]}},
    ]
}
LINKS = [
    {"ifindex": 1, "ifname": "lo", "flags": ["UP"], "addr_info": [{"local": "127.0.0.1", "prefixlen": 8}]},
    {"ifindex": 2, "ifname": "enp1s0", "flags": ["UP"], "addr_info": [{"local": "192.168.2.77", "prefixlen": 24}]},
    {"ifindex": 3, "ifname": "docker0", "flags": ["UP"], "addr_info": [{"local": "172.17.0.1", "prefixlen": 16}]},
]
ROUTES = [
    {"dst": "default", "gateway": "192.168.2.1", "dev": "enp1s0", "protocol": "dhcp"},
    {"dst": "192.168.2.0/24", "dev": "enp1s0", "protocol": "kernel"},
    {"dst": "172.17.0.0/16", "dev": "docker0", "protocol": "kernel"},
    {"dst": "100.64.0.0/10", "dev": "enp1s0", "table": "52"},
    {"dst": "10.9.0.0/16", "nexthops": [{"dev": "enp1s0"}, {"dev": "docker0"}], "protocol": "static"},
]
RULES = [
    {"priority": 0, "src": "all", "table": "local"},
    {"priority": 5270, "src": "all", "table": "52"},
    {"priority": 32764, "not": None, "src": "all", "fwmark": "0xca6c", "table": "51820"},
    {"priority": 32766, "src": "all", "table": "main"},
]


def seen() -> Observed:
    raw = {
        "foreign": json.dumps(LISTING) + "\n",
        "links": json.dumps(LINKS),
        "routes": json.dumps(ROUTES),
        "rules4": json.dumps(RULES),
        "rules6": "[]",
    }
    return Observed(HostState(), None, frozenset(), raw)


def test_links_are_those_that_are_there() -> None:
    lan, bridge = standing(two_hosts(), {"home": seen()}).outside.of("home")
    assert (lan.device, lan.place, lan.addresses, lan.prefixes) == (
        "enp1s0", "lan:home", ("192.168.2.77",), ("100.64.0.0/10", "192.168.2.0/24"),
    )  # fmt: skip
    assert bridge.place == "link:home/docker0"


def test_tables_routes_and_rules_of_others_stand_beside_ours() -> None:
    found = standing(two_hosts(), {"home": seen()})
    state = found.on("home", HostState())
    (theirs,) = of_kind(state, Rules)
    assert theirs.table.name == "filter" and found.tables == {"home": ("ip filter",)}
    assert {(route.prefix, route.table) for route in of_kind(state, Route)} >= {
        ("0.0.0.0/0", "main"),
        ("100.64.0.0/10", "52"),
    }
    assert [(rule.priority, rule.selector) for rule in of_kind(state, IpRule)] == [
        (5270, ""),
        (32764, "fwmark 0xca6c not yes"),
    ]
    assert "10.9.0.0/16" not in {route.prefix for route in of_kind(state, Route)}
    assert not list(of_kind(found.routed("home", HostState()), Rules))


def test_a_host_that_shows_no_links_has_those_of_the_file() -> None:
    bare = Observed(HostState(), None, frozenset(), {})
    (lan,) = standing(two_hosts(), {"home": bare}).outside.of("home")
    assert lan.device == "eth0"


def test_several_listings_are_read_one_after_the_other() -> None:
    assert [each.name for each in tables(json.dumps(LISTING) * 2)] == ["filter", "filter"]
    assert list(tables("")) == []
