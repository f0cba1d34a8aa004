"""What there is to see: every host, port, door and permission once, in words."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_network

from tests.unit.pictures.networks import (
    DIRECT,
    NONE,
    TCP,
    UDP,
    bare,
    expose,
    host,
    lan,
    network,
    service,
    two_gateways,
    worlds,
)
from warren.basis.address import Ports
from warren.pictures import dot, mermaid, svg, text
from warren.pictures.scene import Box, Permit, Spot, scene, written
from warren.topology.model import Egress, EgressKind, Port, PrefixPermission, Rate, ServicePermission


def spot(name: str) -> Spot:
    return next(one for one in scene(worlds()).spots if one.name == name)


def test_gateways_come_before_homes() -> None:
    seen = scene(worlds())
    assert [one.name for one in seen.gateways] == ["vps"]
    assert [one.name for one in seen.homes] == ["home"]
    assert seen.title == "worlds, example.org"
    assert scene(bare()).title == "bare"


def test_two_gateways_have_one_tunnel_between_them() -> None:
    assert scene(two_gateways()).tunnels == (("fra", "hel"), ("fra", "parents"), ("hel", "parents"), ("hel", "cabin"))


def test_ports_say_who_may_come_in() -> None:
    slots = {f"{box.name}.{slot.name}": (slot.public, slot.lan) for box in spot("home").boxes for slot in box.slots}
    assert slots == {
        "cloud.web": (True, True),
        "db.sql": (False, False),
        "game.play": (True, False),
        "game.range": (True, False),
        "home.mysql": (False, False),
    }
    assert spot("vps").boxes[0].slots[0].public


def test_a_service_says_how_it_leaves_and_what_it_needs_elsewhere() -> None:
    cloud = spot("home").boxes[0]
    assert (cloud.egress, cloud.beyond, cloud.local) == (
        "vps",
        ("192.0.2.0/24 (443)",),
        ("home.mysql at 127.0.0.1:3306",),
    )


def test_a_need_of_a_service_without_a_way_out_says_how_it_leaves() -> None:
    home = host("home", 1)
    mailer = service("mailer", home, 2, egress=NONE)
    prefix = (ip_network("192.0.2.0/24"),)
    needs = (
        PrefixPermission("mailer", prefix, TCP, Ports(443, 443), Egress(EgressKind.LAN), "192.0.2.0/24"),
        PrefixPermission("mailer", prefix, TCP, Ports(443, 443), DIRECT, "192.0.2.0/24"),
        PrefixPermission("mailer", prefix, None, None, Egress(EgressKind.LAN), "home.lan"),
    )
    topology = network("needs", (home,), (mailer,), permissions=needs)
    [box] = scene(topology).homes[0].boxes
    assert (box.egress, box.beyond) == ("none + direct", ("192.0.2.0/24 (443) ▸ direct", "home.lan"))
    for draw in (text.draw, svg.draw, dot.draw):
        assert "▸ none + direct" in draw(topology)
    assert "direct" in mermaid.draw(topology)


def test_the_host_itself_is_a_box_without_a_way_out() -> None:
    assert spot("home").boxes[-1] == Box("home", (spot("home").boxes[-1].slots[0],))


def test_doors_carry_their_limits() -> None:
    doors = {door.label: (f"{door.service}.{door.slot}", door.lan, door.remarks) for door in spot("vps").doors}
    assert doors == {
        "www.example.org": ("blog.web", None, ("https",)),
        "12345/udp": ("game.play", None, ("20/s",)),
        "27015-27030/udp": ("game.range", None, ("from 192.0.2.0/24 and 1 more",)),
        "8080": ("cloud.web", None, ("client hidden",)),
    }
    assert [(door.label, door.lan) for door in spot("home").doors] == [("8080", "lan")]


def test_a_lan_door_stands_at_every_lan_that_may_use_it() -> None:
    home = host("home", 1, lans=(lan("family", "192.168.1.0/24"), lan("things", "192.168.2.0/24", "fd02::/64")))
    dns = service("dns", home, 2, Port("dns", UDP, Ports(53, 53)))
    both = expose(home, dns, "dns", limit=Rate(3, 20))
    one = replace(both, ports=Ports(54, 54), sources=home.lans[1].prefixes, limit=None)
    [seen] = scene(network("lans", (home,), (dns,), exposures=(both, one))).homes
    assert [(door.label, door.lan) for door in seen.doors] == [
        ("53/udp", "family"),
        ("53/udp", "things"),
        ("54/udp", "things"),
    ]
    assert seen.doors[0].remarks == ("3/20s",)


def test_permissions_name_their_ports_and_appear_once() -> None:
    assert scene(worlds()).permits == (
        Permit("cloud", "db", "sql", "db.sql"),
        Permit("cloud", "home", "mysql", "home.mysql"),
        Permit("blog", "cloud", "web", "cloud.web"),
    )


def test_a_port_over_both_protocols_is_one_permission() -> None:
    home = host("home", 1)
    dns = service("dns", home, 2, Port("dns", UDP, Ports(53, 53)), Port("dns", TCP, Ports(53, 53)))
    asks = service("asks", home, 3)
    needs = tuple(ServicePermission("asks", "dns", protocol, Ports(53, 53), "dns") for protocol in (TCP, UDP))
    assert scene(network("both", (home,), (dns, asks), permissions=needs)).permits == (
        Permit("asks", "dns", "dns", "dns"),
    )


def test_part_of_a_range_has_the_name_of_the_range() -> None:
    home = host("home", 1)
    game = service("game", home, 2, Port("voice", UDP, Ports(100, 200)))
    part = replace(expose(home, game, "voice"), ports=Ports(110, 120), target=Ports(110, 120))
    home = replace(home, lans=(lan("lan", "192.168.1.0/24"),))
    [seen] = scene(network("part", (home,), (game,), exposures=(part,))).homes
    assert seen.doors[0].slot == "voice"


def test_tcp_goes_without_saying() -> None:
    assert (written(Ports(80, 80), TCP), written(Ports(1, 2), UDP)) == ("80", "1-2/udp")
