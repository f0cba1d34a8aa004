"""What each place of the small Internet gets."""

from __future__ import annotations

from tests.lab.topologies import VPS, host, topology, two_hosts
from warren.lab.blueprint import CORE
from warren.lab.draw import draw


def test_the_places_of_a_gateway_and_a_home() -> None:
    blueprint = draw(two_hosts())
    assert list(blueprint.stands) == [
        CORE,
        "place:internet",
        "place:internet2",
        "place:server",
        "place:router:home",
        "place:lan:home",
        "host:vps",
        "host:home",
    ]
    assert blueprint.services == {"blog": "vps", "db": "home", "game": "home"}
    assert blueprint.aliases == {"lan:home/lan": "lan:home"}


def test_a_gateway_has_single_addresses_and_a_hop_on_the_link() -> None:
    wire = draw(two_hosts()).wires["core/gw1"]
    assert wire.right_lines == (
        "link set dev eth0 up",
        "addr add 203.0.113.10/32 dev eth0",
        "addr add 2001:db8:10::10/128 dev eth0 nodad",
        "route add default via 198.19.255.1 dev eth0 onlink",
        "route add default via fe80::1 dev eth0 onlink",
    )
    assert "route add 203.0.113.10 dev gw1" in wire.left_lines


def test_the_first_gateway_is_sent_the_networks_own_prefixes() -> None:
    second = host("second", 7, ("203.0.113.11",))
    wires = draw(topology(VPS, second)).wires
    assert "route add 10.86.0.0/16 via 203.0.113.10 dev gw1 onlink" in wires["core/gw1"].left_lines
    assert not [line for line in wires["core/gw7"].left_lines if "10.86" in line]


def test_a_neighbour_tries_the_networks_prefixes_by_the_host() -> None:
    wire = draw(two_hosts()).wires["place:router:home/lan0-n0"]
    assert "route add 10.86.0.0/16 via 192.168.2.10 dev eth0 onlink" in wire.right_lines
    assert "route add fd86::/48 via 2001:db8:a002::a dev eth0 onlink" in wire.right_lines


def test_a_gateway_without_ipv6_has_no_route_of_it() -> None:
    wire = draw(topology(host("vps", 1, ("203.0.113.10",)))).wires["core/gw1"]
    assert not [line for line in wire.right_lines if ":" in line]


def test_only_a_homes_first_interface_leads_out() -> None:
    wires = draw(topology(host("home", 2, lans=("192.168.2.0/24", "192.168.3.0/24")))).wires
    assert any("default" in line for line in wires["place:router:home/lan0-h0"].right_lines)
    assert not any("default" in line for line in wires["place:router:home/lan1-h0"].right_lines)


def test_interface_names_fit() -> None:
    many = draw(topology(*(host(f"home{number}", number, site="house") for number in range(1, 60))))
    assert max(len(wire.left_interface) for wire in many.wires.values()) <= 15
