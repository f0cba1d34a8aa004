"""Every address of the small Internet stands beside those of the file, and homes stand where their sites are."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network, ip_interface, ip_network

from tests.lab.topologies import HOME, VPS, host, topology, two_hosts
from warren.lab.ground import survey, taken_by
from warren.topology.model import Lan


def test_the_usual_places() -> None:
    ground = survey(two_hosts())
    assert {c.name: str(c.addresses.v4) for c in ground.clients} == {
        "internet": "198.51.100.7",
        "internet2": "192.0.2.77",
        "server": "192.0.2.53",
    }
    (site,) = ground.sites
    assert (site.name, site.wan[0]) == ("home", ip_interface("198.18.2.1/24"))
    (seat,) = site.seats
    assert [str(a) for a in seat.addresses] == ["192.168.2.10/24", "2001:db8:a002::a/64"]
    assert [str(a) for a in seat.neighbour_addresses] == ["192.168.2.50/24", "2001:db8:a002::32/64"]
    assert (seat.neighbour, seat.interface) == ("lan:home", "eth0")


def test_addresses_of_the_file_are_left_to_it() -> None:
    vps = host("vps", 1, ("198.51.100.7", "2001:db8:ffff::7", "198.19.255.1"))
    home = host("home", 2, lans=("198.18.2.0/24",))
    ground = survey(topology(vps, home))
    assert str(ground.clients[0].addresses.v4) == "198.51.100.8"
    assert str(ground.clients[0].addresses.v6) == "2001:db8:ffff::8"
    assert str(ground.hop) == "198.19.255.2"
    assert str(ground.sites[0].wan[0]) == "198.18.3.1/24"


def test_a_home_without_a_lan_gets_one_that_nobody_has() -> None:
    home, other = host("home", 1), host("other", 2, lans=("192.168.78.0/24",))
    ground = survey(topology(home, other))
    assert ground.sites[0].seats[0].addresses[0] == ip_interface("192.168.79.10/24")


def test_hosts_of_one_site_share_its_router_and_their_lan() -> None:
    nas = host("nas", 3, lans=("192.168.2.0/24", "192.168.3.0/24"), site="house")
    home = host("home", 2, lans=("192.168.2.0/24",), site="house")
    (site,) = survey(topology(VPS, nas, home)).sites
    assert [(s.host, s.interface, str(s.addresses[0]), s.neighbour) for s in site.seats] == [
        ("home", "eth0", "192.168.2.10/24", "lan:home"),
        ("nas", "eth0", "192.168.2.11/24", "lan:nas"),
        ("nas", "eth1", "192.168.3.10/24", "lan:nas/iot"),
    ]
    assert len(site.segments) == 2


def test_the_same_prefix_at_two_sites_is_two_lans() -> None:
    ground = survey(topology(host("a", 1, lans=("192.168.1.0/24",)), host("b", 2, lans=("192.168.1.0/24",))))
    assert [len(site.segments) for site in ground.sites] == [1, 1]


def test_a_gateway_with_a_lan_has_its_second_interface_there() -> None:
    (site,) = survey(topology(host("gate", 1, ("203.0.113.1",), ("192.168.1.0/24",)))).sites
    assert site.seats[0].interface == "eth1"


def test_the_address_by_which_ssh_finds_a_host_is_its_own() -> None:
    (site,) = survey(topology(host("home", 1, lans=("192.168.2.0/24",), ssh="admin@192.168.2.9"))).sites
    assert str(site.seats[0].addresses[0]) == "192.168.2.9/24"


def test_a_small_lan_has_room_for_router_host_and_neighbour() -> None:
    (site,) = survey(topology(host("home", 1, lans=("192.168.2.8/29",)))).sites
    (seat,) = site.seats
    assert [str(a) for a in (site.segments[0].router[0], seat.addresses[0], seat.neighbour_addresses[0])] == [
        "192.168.2.9/29",
        "192.168.2.10/29",
        "192.168.2.14/29",
    ]


def test_public_prefixes_of_a_lan_are_routed_to_it_and_local_ones_not() -> None:
    prefixes = tuple(ip_network(text) for text in ("192.168.2.0/24", "2001:db8:2::/64", "fd00:2::/64"))
    (site,) = survey(topology(replace(HOME, lans=(Lan("lan", prefixes),)))).sites
    assert [str(prefix) for prefix in site.routed] == ["2001:db8:a002::/48", "2001:db8:2::/64"]


def test_a_lan_with_a_public_prefix_of_its_own_gets_no_other() -> None:
    def addresses(*texts: str) -> list[str]:
        lan = Lan("lan", tuple(ip_network(text) for text in texts))
        (site,) = survey(topology(replace(HOME, lans=(lan,)))).sites
        return [str(address) for address in site.seats[0].addresses]

    assert addresses("192.168.2.0/24", "2001:db8:2::/64") == ["192.168.2.10/24", "2001:db8:2::a/64"]
    assert addresses("fd00:2::/64") == ["fd00:2::a/64", "2001:db8:a002::a/64"]


def test_what_the_file_uses() -> None:
    assert IPv4Network("203.0.113.10/32") in set(taken_by(two_hosts()))
