"""What a network in memory makes of lines of `ip`."""

from __future__ import annotations

import pytest

from warren.hosts.fake.net import Device, Network
from warren.hosts.fake.words import Refusal

PAIR = "link add name v-a group 86 mtu 1500 type veth peer name eth0 mtu 1500 netns a"


@pytest.fixture
def net() -> Network:
    made = Network()
    made.add_device("", Device("lo", None, 1, up=True))
    for line in ("netns add a", PAIR, "addr add 10.0.0.1/32 dev v-a", "link set v-a up"):
        made.ip(line, None, None)
    for line in ("addr add 10.0.0.2/32 dev eth0", "link set eth0 up", "route add 10.0.0.1/32 dev eth0"):
        made.ip(line, "a", None)
    return made


@pytest.mark.parametrize(
    ("line", "netns", "refusal"),
    [
        ("netns add a", None, "Cannot create namespace file"),
        ("netns del b", None, "Cannot open network namespace"),
        (PAIR, None, "File exists"),
        (PAIR.replace("v-a", "v-b").replace("netns a", "netns b"), None, "Cannot open network namespace"),
        ("link set v-b up", None, 'Cannot find device "v-b"'),
        ("link set v-a promisc", None, "garbage"),
        ("addr add 10.0.0.1/32 dev v-a", None, "File exists"),
        ("addr del 10.0.0.9/32 dev v-a", None, "Cannot assign requested address"),
        ("route add 10.0.0.1/32 dev eth0", "a", "File exists"),
        ("route add 10.9.0.0/16 dev v-b", None, "Cannot find device"),
        ("route add 10.9.0.0/16 dev v-a src 10.7.7.7", None, "Invalid argument"),
        ("route add default via 10.7.7.7 dev eth0", "a", "Network is unreachable"),
        ("route del 10.9.0.0/16", None, "No such process"),
        ("route add 10.9.0.0/16 nexthop 1", None, "garbage"),
        ("rule del pref 5 from 10.0.0.0/8 lookup 9 protocol 86", None, "No such file"),
        ("neigh add 10.0.0.1 dev v-a", None, "is unknown"),
        ("netns del a now", None, 'argument "now" is wrong'),
    ],
)
def test_what_iproute_refuses_is_refused(net: Network, line: str, netns: str | None, refusal: str) -> None:
    with pytest.raises(Refusal, match=refusal):
        net.ip(line, netns, None)


def test_a_route_needs_a_device_that_is_up(net: Network) -> None:
    net.ip("netns add b", None, None)
    net.ip(PAIR.replace("v-a", "v-b").replace("netns a", "netns b"), None, None)
    with pytest.raises(Refusal, match="Network is down"):
        net.ip("route add 10.9.0.0/16 dev v-b", None, None)


def test_a_pair_takes_along_what_is_on_it(net: Network) -> None:
    net.ip("route add 10.0.0.2/32 dev v-a table 8600 proto 86 src 10.0.0.1", None, None)
    net.ip("link del v-a", None, None)
    assert (list(net.own.devices), net.own.routes) == (["lo"], [])
    assert (list(net.space("a").devices), net.space("a").routes) == (["lo"], [])


def test_a_namespace_takes_along_its_pair(net: Network) -> None:
    net.ip("netns del a", None, None)
    assert list(net.spaces) == [""]
    assert list(net.own.devices) == ["lo"]


def test_routes_go_with_the_address_that_they_send_from(net: Network) -> None:
    net.ip("route add 10.9.0.0/16 dev v-a src 10.0.0.1", None, None)
    net.ip("addr del 10.0.0.1/32 dev v-a", None, None)
    assert net.own.routes == []


def test_replace_takes_the_place_of_what_is_there(net: Network) -> None:
    net.ip("route replace 10.0.0.1/32 dev eth0 proto 86", "a", None)
    assert [route.protocol for route in net.space("a").routes] == ["86"]
    net.ip("route add unreachable default table 9 proto 86 metric 7", None, None)
    assert net.own.routes[0].slot == ("default", "9", 7)


def test_rules_of_one_priority_stand_side_by_side(net: Network) -> None:
    net.ip("rule add pref 8600 from 10.0.0.0/8 lookup 9 protocol 86", None, 4)
    net.ip("rule add pref 8600 from 10.0.0.0/8 unreachable protocol 86", None, 4)
    net.ip("rule del pref 8600 from 10.0.0.0/8 lookup 9 protocol 86", None, 4)
    assert [rule.words for rule in net.own.rules] == ["from 10.0.0.0/8 unreachable"]
