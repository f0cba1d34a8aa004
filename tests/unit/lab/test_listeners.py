"""Which stand-in listens where."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_network

from tests.lab.topologies import BLOG, DB, GAME, HOME, VPS, pair, port, service, topology, two_hosts
from warren.basis.address import Ports, Protocol
from warren.lab.listeners import beside_systems, host_ports, outside_ports, service_ports, undeclared, wanted
from warren.topology.model import Egress, EgressKind, LocalPort, PrefixPermission

NAMESPACES = {
    "vps": "/proc/2/ns/net",
    "home": "/proc/3/ns/net",
    "internet": "/proc/4/ns/net",
    "server": "/proc/5/ns/net",
    "lan:home": "/proc/6/ns/net",
    "game": "/proc/3/root/run/netns/game",
}


def by_name(namespaces: dict[str, str]) -> dict[str, tuple[str, list[tuple[int, int]]]]:
    asked = wanted(two_hosts(), namespaces)
    return {each["service"]: (each["netns"], each["ports"]) for each in asked["listeners"]}


def test_every_place_that_answers() -> None:
    found = by_name(NAMESPACES)
    assert set(found) == {"vps", "home", "server", "lan:home", "blog", "db", "game"}
    assert found["game"] == ("/proc/3/root/run/netns/game", [(7777, 7777), (12345, 12345), (27015, 27018)])
    assert found["blog"] == ("/proc/2/root/run/netns/blog", [(80, 80), (7777, 7777)])
    assert found["home"] == ("/proc/3/ns/net", [(9, 9), (22, 22), (3306, 3306)])


def test_a_host_that_is_not_there_has_no_listeners() -> None:
    assert set(by_name({"vps": "/proc/2/ns/net"})) == {"vps", "blog"}


def test_the_undeclared_port_is_nobodys() -> None:
    busy = service("busy", HOME, 9, port("range", 7770, 7778))
    local = LocalPort(7779, pair(2, 2), 1, "db.sql")
    assert undeclared(GAME) == 7777
    assert undeclared(busy) == 7779
    assert undeclared(replace(busy, localhost=(local,))) == 7780


def test_a_long_range_is_stood_for() -> None:
    long = service("long", HOME, 9, port("range", 10000, 20000, Protocol.UDP))
    assert [str(ports) for ports in service_ports(long)] == ["10000", "15000", "20000", "7777"]


def test_a_host_listens_at_its_own_ssh_port() -> None:
    assert VPS.guard
    guard = replace(VPS.guard, ssh_port=2222, allow=((Protocol.TCP, Ports(80, 81)),))
    assert [str(ports) for ports in host_ports(replace(VPS, guard=guard))] == ["2222", "9", "80-81"]


def test_machines_outside_offer_what_a_permission_names() -> None:
    way = Egress(EgressKind.DIRECT)
    permission = PrefixPermission("db", (ip_network("192.0.2.0/24"),), Protocol.TCP, Ports(25, 25), way, "192.0.2.0/24")
    declared = replace(topology(HOME), permissions=(permission,))
    assert Ports(25, 25) in list(outside_ports(declared))


def test_localhost_ports_are_carried_from_where_the_host_would() -> None:
    own = LocalPort(3306, HOME.addresses, 3306, "home.mysql", "home")
    far = LocalPort(5432, DB.addresses, 5432, "db.sql")
    cloud = replace(BLOG, name="cloud", host="home", localhost=(own, far))
    relays = wanted(topology(HOME, services=(cloud,)), NAMESPACES)["relays"]
    assert [(relay["from"], relay["listen"], relay["v4"]) for relay in relays] == [
        ("/proc/3/ns/net", 3306, "10.86.2.1"),
        ("/proc/3/root/run/netns/cloud", 5432, "10.86.2.2"),
    ]


def test_sshd_of_a_whole_system_keeps_its_own_port() -> None:
    assert HOME.guard is None and VPS.guard
    net = replace(topology(HOME), hosts={"home": HOME, "vps": replace(VPS, guard=replace(VPS.guard, ssh_port=2222))})
    asked = {"listeners": [{"service": name} for name in ("home", "vps", "blog")], "relays": [{"listen": 3306}]}
    found = beside_systems(asked, net)
    assert [each["taken"] for each in found["listeners"]] == [[22, 22], [2222, 22], []]
    assert found["relays"] == []
