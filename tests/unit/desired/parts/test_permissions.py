"""Needs as elements: exact flows one by one, ranges merged, the outside without what nobody may reach."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

import pytest

from tests.topologies import DIRECT, LAN, NONE, everything, host, joined, needed, pair, service, through, two_hosts
from tests.unit.desired.reading import sorted_in, view_of
from warren.basis.address import METADATA4, METADATA6
from warren.basis.ports import Ports, Protocol
from warren.desired.parts.permissions import permissions
from warren.formats.nft.model import Prefix, Span
from warren.topology.model import Egress, PrefixPermission, ServicePermission, Topology

VPS = host("vps", 0, "203.0.113.10")
HOME = host("home", 1, egress=through("vps"), lan="192.168.2.0/24")
APP = service("app", "home", pair(1, 2), NONE)
DB = service("db", "home", pair(1, 3), NONE, sql="5432/tcp", cluster="7000-7010/tcp")


def held(topology: Topology, name: str = "home") -> dict[str, list[str]]:
    return sorted_in(permissions(view_of(topology, name)))


def ranges(*spans: tuple[int, int]) -> list[str]:
    given = [ServicePermission("app", "db", Protocol.TCP, Ports(*span), "db") for span in spans]
    return held(joined([VPS, HOME], [APP, DB], given)).get("permit_range4", [])


def outward(
    *prefixes: str, way: Egress = DIRECT, protocol: Protocol | None = None, ports: Ports | None = None
) -> PrefixPermission:
    return PrefixPermission("app", tuple(map(ip_network, prefixes)), protocol, ports, way, "prefixes")


def reached(*given: PrefixPermission, name: str = "home") -> dict[str, list[str]]:
    return held(joined([VPS, HOME], [APP, DB], given), name)


@cache
def anywhere() -> list[Prefix | Span]:
    """The places that a need of everything leads to."""
    given = outward("0.0.0.0/0", "::/0")
    found = permissions(view_of(joined([VPS, HOME], [APP, DB], [given]), "home"))
    places = (each.key[1] for name, each in found if name in ("reach4", "reach6"))
    return [each for each in places if isinstance(each, Prefix | Span)]


def covered(address: str) -> bool:
    """Whether a need of everything leads to an address."""
    wanted = ip_address(address)
    return any(each.version == wanted.version and each.first <= int(wanted) <= each.last for each in anywhere())


def test_a_need_is_one_element_a_family_on_every_host_of_the_path() -> None:
    for name in ("vps", "home"):
        assert "10.86.0.2 . 10.86.1.2 . tcp . 80" in held(two_hosts(), name)["permit4"]
        assert "fd86:86:86::2 . fd86:86:86:1::2 . tcp . 80" in held(two_hosts(), name)["permit6"]


def test_a_need_of_a_program_leads_to_the_host_itself() -> None:
    assert "10.86.1.2 . 10.86.1.1 . tcp . 3306" in held(two_hosts())["permit4"]


def test_nothing_is_permitted_backwards() -> None:
    assert held(two_hosts())["permit4"] == [
        "10.86.0.2 . 10.86.1.2 . tcp . 80",
        "10.86.1.2 . 10.86.1.1 . tcp . 3306",
        "10.86.1.2 . 10.86.1.3 . tcp . 5432",
    ]


def test_without_needs_there_is_nothing() -> None:
    assert held(joined([VPS, HOME], [APP, DB])) == {}


@pytest.mark.parametrize(
    ("given", "elements"),
    [
        ([(7000, 7010)], ["7000-7010"]),
        ([(7000, 7010), (7005, 7020)], ["7000-7020"]),
        ([(7000, 7010), (7011, 7020)], ["7000-7020"]),
        ([(7000, 7010), (7012, 7020)], ["7000-7010", "7012-7020"]),
        ([(7000, 7010), (7002, 7003)], ["7000-7010"]),
    ],
)
def test_ranges_that_meet_are_one(given: list[tuple[int, int]], elements: list[str]) -> None:
    assert ranges(*given) == [f"10.86.1.2 . 10.86.1.3 . tcp . {each}" for each in elements]


def test_one_port_stays_in_the_hash_set() -> None:
    found = held(joined([VPS, HOME], [APP, DB], [needed("app", DB, "sql"), needed("app", DB, "cluster")]))
    assert found["permit4"] == ["10.86.1.2 . 10.86.1.3 . tcp . 5432"]
    assert found["permit_range4"] == ["10.86.1.2 . 10.86.1.3 . tcp . 7000-7010"]


def test_a_lan_exposure_elsewhere_is_permitted_to_the_host_that_offers_it() -> None:
    home_asks = "10.86.1.1 . 10.86.3.2 . tcp . 554"
    assert home_asks in held(everything(), "vps")["permit4"]
    assert home_asks in held(everything(), "cabin")["permit4"]
    assert home_asks not in held(everything(), "home")["permit4"]


def test_a_prefix_outside_and_the_way_there() -> None:
    found = reached(outward("198.51.100.0/24", way=through("vps"), protocol=Protocol.TCP, ports=Ports(443, 443)))
    assert found == {
        "reach4": ["10.86.1.2 . 198.51.100.0/24 . tcp . 443"],
        "reach_by4": ["10.86.1.2 . 198.51.100.0/24 . tcp . 443 : leave_vps"],
    }


def test_only_the_source_s_own_host_chooses_the_way() -> None:
    given = outward("198.51.100.0/24", way=through("vps"))
    assert set(reached(given, name="vps")) == {"reach4"}


@pytest.mark.parametrize(
    ("way", "chain"), [(DIRECT, "leave_direct"), (LAN, "leave_direct"), (through("vps"), "leave_vps")]
)
def test_each_way_has_its_chain(way: Egress, chain: str) -> None:
    (element,) = reached(outward("198.51.100.0/24", way=way))["reach_by4"]
    assert element == f"10.86.1.2 . 198.51.100.0/24 . 0-255 . 0-65535 : {chain}"


@pytest.mark.parametrize("address", ["198.51.100.7", "10.85.255.255", "10.87.0.0", "2001:db8::1", "fd86:86:87::"])
def test_everything_is_all_that_is_outside(address: str) -> None:
    assert covered(address)


@pytest.mark.parametrize("address", ["10.86.0.0", "10.86.1.3", "10.86.255.255", "fd86:86:86::", "fd86:86:86:1::3"])
def test_everything_is_never_the_network_itself(address: str) -> None:
    assert not covered(address)


@pytest.mark.parametrize("address", [str(each) for each in (*METADATA4, *METADATA6)])
def test_everything_is_never_the_metadata_of_a_cloud(address: str) -> None:
    assert not covered(address)


def test_a_prefix_inside_the_network_opens_nothing() -> None:
    assert reached(outward("10.86.1.0/24", "fd86:86:86:1::/64")) == {}


def test_where_two_needs_meet_the_narrower_says_the_way() -> None:
    found = reached(outward("198.51.100.0/25", way=through("vps")), outward("198.51.100.0/24"))
    assert found["reach_by4"] == [
        "10.86.1.2 . 198.51.100.0/25 . 0-255 . 0-65535 : leave_vps",
        "10.86.1.2 . 198.51.100.128/25 . 0-255 . 0-65535 : leave_direct",
    ]


def test_egress_lan_reaches_the_lan_alone() -> None:
    printer = service("print", "home", pair(1, 5), LAN)
    found = held(joined([VPS, HOME], [printer]))
    assert found["reach4"] == ["10.86.1.5 . 192.168.2.0/24 . 0-255 . 0-65535"]
    assert "reach6" not in found


def test_the_families_stay_apart() -> None:
    found = reached(
        PrefixPermission("app", (IPv4Network("198.51.100.0/24"), IPv6Network("2001:db8::/32")), None, None, DIRECT, "")
    )
    assert found["reach4"] == ["10.86.1.2 . 198.51.100.0/24 . 0-255 . 0-65535"]
    assert found["reach6"] == ["fd86:86:86:1::2 . 2001:db8::/32 . 0-255 . 0-65535"]


def test_ssh_by_way_of_another_host_passes_every_host_between() -> None:
    topology = two_hosts()
    led = replace(topology.hosts["home"], ssh_via="vps", ssh_inside=True, ssh_port=2222)
    topology = replace(topology, hosts={**topology.hosts, "home": led})
    flow = "10.86.0.1 . 10.86.1.1 . tcp . 2222"
    assert flow in held(topology, "home")["permit4"]
    assert flow in held(topology, "vps")["permit4"]
    assert flow not in held(replace(topology, ways={}), "vps")["permit4"]
