"""Doors as elements: at the host that offers them, and where their packets arrive; nowhere else."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network, IPv6Network

from tests.topologies import everything, exposed, host, joined, pair, service, through
from tests.unit.desired.reading import sorted_in, view_of
from warren.basis.ports import Ports
from warren.desired.parts.exposures import exposures
from warren.topology.model import Exposure, Rate, Topology

VPS = host("vps", 0, "203.0.113.10", "2001:db8:10::10")
HOME = host("home", 1, egress=through("vps"), lan="192.168.2.0/24")
GAME = service("game", "home", pair(1, 4), through("vps"), play="12345/udp", voice="2000-2099/udp")

DOORS = [f"expose{lan}{many}{version}" for lan in ("", "_lan") for many in ("", "_range") for version in (4, 6)]


def held(topology: Topology, name: str) -> dict[str, list[str]]:
    return sorted_in(exposures(view_of(topology, name)))


def offered(*given: Exposure, at: str = "vps") -> dict[str, list[str]]:
    return held(joined([VPS, HOME], [GAME], exposures=given), at)


def test_a_port_at_a_gateway() -> None:
    assert offered(exposed(VPS, GAME, "play")) == {
        "doors4": ["203.0.113.10 . udp . 12345"],
        "doors6": ["2001:db8:10::10 . udp . 12345"],
        "expose4": ["203.0.113.10 . udp . 12345 : 10.86.1.4 . 12345"],
        "expose6": ["2001:db8:10::10 . udp . 12345 : fd86:86:86:1::4 . 12345"],
        "exposed4": ["10.86.1.4 . udp . 12345"],
        "exposed6": ["fd86:86:86:1::4 . udp . 12345"],
    }


def test_where_it_ends_it_arrives_by_that_gateway_s_tunnel_alone() -> None:
    assert offered(exposed(VPS, GAME, "play"), at="home") == {
        "arrive4": ["wrn-vps . 10.86.1.4 . udp . 12345"],
        "arrive6": ["wrn-vps . fd86:86:86:1::4 . udp . 12345"],
    }


def test_another_port_outside_than_inside() -> None:
    found = offered(exposed(VPS, GAME, "play", "777"))
    assert found["expose4"] == ["203.0.113.10 . udp . 777 : 10.86.1.4 . 12345"]
    assert found["exposed4"] == ["10.86.1.4 . udp . 12345"]


def test_a_range_that_keeps_its_numbers_is_one_element() -> None:
    found = offered(exposed(VPS, GAME, "voice"))
    assert found["expose_range4"] == ["203.0.113.10 . udp . 2000-2099 : 10.86.1.4"]
    assert found["exposed_range4"] == ["10.86.1.4 . udp . 2000-2099"]
    assert "expose4" not in found


def test_a_range_that_moves_is_an_element_a_port() -> None:
    moved = Exposure("vps", VPS.public, "game", GAME.ports[1].protocol, Ports(3000, 3002), Ports(2000, 2002))
    found = offered(moved)
    assert found["expose4"] == [f"203.0.113.10 . udp . {3000 + n} : 10.86.1.4 . {2000 + n}" for n in range(3)]
    assert found["exposed_range4"] == ["10.86.1.4 . udp . 2000-2002"]
    assert "expose_range4" not in found


def test_sources_guard_every_family_even_one_that_none_of_them_has() -> None:
    found = offered(exposed(VPS, GAME, "play", sources=(IPv4Network("198.51.100.0/24"),)))
    assert found["guarded4"] == ["203.0.113.10 . udp . 12345"]
    assert found["sources4"] == ["203.0.113.10 . udp . 12345 . 198.51.100.0/24"]
    assert found["guarded6"] == ["2001:db8:10::10 . udp . 12345"]
    assert "sources6" not in found


def test_a_rate_and_a_hidden_client_are_told_by_what_was_asked() -> None:
    found = offered(exposed(VPS, GAME, "play", "777", limit=Rate(20, 1), keep=False))
    assert found["limited_20_1_v4"] == found["hidden4"] == ["203.0.113.10 . udp . 777"]


def test_what_is_open_to_some_or_hidden_is_no_door_for_everybody() -> None:
    for given in (
        exposed(VPS, GAME, "play", sources=(IPv4Network("198.51.100.0/24"),)),
        exposed(VPS, GAME, "play", keep=False),
        exposed(VPS, GAME, "voice"),
    ):
        assert not {"doors4", "doors6"} & set(offered(given))
    assert "doors4" in offered(exposed(VPS, GAME, "play", limit=Rate(20, 1)))


def test_a_lan_exposure_answers_the_lan_alone() -> None:
    found = offered(exposed(HOME, GAME, "play"), at="home")
    assert found["expose_lan4"] == ["udp . 12345 : 10.86.1.4 . 12345"]
    assert found["expose_lan6"] == ["udp . 12345 : fd86:86:86:1::4 . 12345"]
    assert found["lan_sources4"] == ["udp . 12345 . 192.168.2.0/24"]
    assert "lan_sources6" not in found
    assert set(found) == {f"{stem}4" for stem in ("expose_lan", "exposed", "lan_sources")} | {"expose_lan6", "exposed6"}


def test_a_lan_exposure_of_a_service_elsewhere_hides_the_client() -> None:
    found = held(everything(), "home")
    assert found["expose_lan4"] == ["tcp . 554 : 10.86.3.2 . 554", "tcp . 8443 : 10.86.1.2 . 80"]
    assert found["hidden_lan4"] == ["tcp . 554 . 192.168.2.0/24"]


def test_a_lan_exposure_arrives_nowhere_by_a_gateway_s_tunnel() -> None:
    assert "arrive4" not in held(everything(), "cabin")


def test_a_host_that_only_forwards_holds_nothing_of_it() -> None:
    lan_only = replace(everything(), exposures=everything().exposures[-2:-1])
    assert view_of(lan_only, "vps").exposures
    assert held(lan_only, "vps") == {}


def test_a_gateway_without_ipv6_has_no_element_of_it_to_translate() -> None:
    edge = host("edge", 2, "203.0.113.20")
    found = held(
        joined([edge, HOME], [replace(GAME, egress=through("edge"))], exposures=[exposed(edge, GAME, "play")]), "edge"
    )
    assert "expose4" in found
    assert "expose6" not in found


def test_no_door_leads_anywhere_but_into_the_network() -> None:
    for name in everything().hosts:
        doors = [each for stem in DOORS for each in held(everything(), name).get(stem, ())]
        assert all(each.partition(" : ")[2].startswith(("10.86.", "fd86:86:86:")) for each in doors)


def test_sources_of_both_families_each_guard_their_own() -> None:
    found = offered(exposed(VPS, GAME, "play", sources=(IPv4Network("198.51.100.0/24"), IPv6Network("2001:db8::/32"))))
    assert found["sources4"] == ["203.0.113.10 . udp . 12345 . 198.51.100.0/24"]
    assert found["sources6"] == ["2001:db8:10::10 . udp . 12345 . 2001:db8::/32"]
