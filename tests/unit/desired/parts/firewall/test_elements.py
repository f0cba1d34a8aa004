"""Who is who: links, pins, ways out; what no Internet host has, also in IPv6 clothes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

import pytest

from tests.topologies import everything, host, joined, two_hosts
from tests.unit.desired.reading import members, sorted_in, table_of, view_of
from warren.basis.ports import Ports, Protocol
from warren.desired.parts.firewall import elements
from warren.desired.view import HostView
from warren.formats.nft.model import Prefix
from warren.topology.model import Egress, EgressKind, Guard, Topology

ALL = everything()
Subject = Callable[[HostView], Iterator[elements.Entry]]


def held(subject: Subject, name: str, topology: Topology = ALL) -> dict[str, list[str]]:
    return sorted_in(subject(view_of(topology, name)))


def test_every_link_has_a_door_and_every_service_its_own_addresses_alone() -> None:
    found = held(elements.identity, "home", two_hosts())
    assert found["links"] == ["v-cloud", "v-db", "v-game", "wrn-vps"]
    assert found["services"] == ["v-cloud", "v-db", "v-game"]
    assert found["tunnels"] == found["dialled"] == ["wrn-vps"]
    assert found["ingress"] == [
        "v-cloud : from_service",
        "v-db : from_service",
        "v-game : from_service",
        "wrn-vps : from_tunnel",
    ]
    assert found["pins4"] == ["v-cloud . 10.86.1.2", "v-db . 10.86.1.3", "v-game . 10.86.1.4"]


def test_only_from_a_dialled_gateway_does_the_internet_come() -> None:
    found = held(elements.identity, "vps")
    assert found["tunnels"] == ["wrn-edge", "wrn-vps"]
    assert found["dialled"] == ["wrn-edge"]


def test_a_tunnel_carries_the_network_s_addresses_of_those_behind_it_alone() -> None:
    assert held(elements.identity, "vps")["tunnel_pins4"] == [
        "wrn-edge . 10.86.2.0/24",
        "wrn-vps . 10.86.1.0/24",
        "wrn-vps . 10.86.2.0/24",
        "wrn-vps . 10.86.3.0/24",
    ]
    assert held(elements.identity, "home")["tunnel_pins4"] == [
        "wrn-edge . 10.86.2.0/24",
        "wrn-vps . 10.86.0.0/24",
        "wrn-vps . 10.86.3.0/24",
    ]


def test_no_host_s_own_addresses_may_come_by_a_tunnel() -> None:
    for name in ALL.hosts:
        own = {str(each) for each in ALL.hosts[name].prefixes}
        found = held(elements.identity, name)
        assert not own & {each.partition(" . ")[2] for stem in ("tunnel_pins4", "tunnel_pins6") for each in found[stem]}


def special(name: str, address: str, stem: str = "special") -> bool:
    """Whether a host takes an address for one that no Internet host has."""
    wanted = ip_address(address)
    found = table_of(ALL, name).lookups()[f"{stem}{wanted.version}"].elements
    return any(isinstance(p, Prefix) and p.first <= int(wanted) <= p.last for each in found for p in each.key)


@pytest.mark.parametrize(
    "address",
    [
        "10.86.1.3",
        "10.1.2.3",
        "192.168.2.9",
        "127.0.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "fd86:86:86:1::3",
        "fe80::1",
        "::1",
        "ff02::1",
        "::ffff:10.86.1.3",
        "64:ff9b::10.86.1.3",
        "64:ff9b:1::10.86.1.3",
        "2002:a56:103::1",
    ],
)
def test_no_way_to_the_internet_is_a_way_there(address: str) -> None:
    assert special("home", address)


@pytest.mark.parametrize("address", ["198.51.100.7", "203.0.113.10", "2001:db8::1", "2a00::1", "64:ff9b::198.51.100.7"])
def test_the_internet_is_not_special(address: str) -> None:
    assert not special("home", address)


def test_a_lan_is_special_although_its_addresses_are_public() -> None:
    odd = joined([host("home", 1, lan="198.51.100.0/24")], [])
    assert "198.51.100.0/24" in held(elements.special, "home", odd)["special4"]


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "fd00:ec2::254", "64:ff9b::169.254.169.254", "2002:a9fe:a9fe::1"]
)
def test_metadata_is_known_in_every_disguise(address: str) -> None:
    assert special("vps", address, "metadata")


def test_disguises_of_a_prefix() -> None:
    assert list(elements.disguises(IPv4Network("10.0.0.0/8"))) == [
        IPv6Network("64:ff9b::a00:0/104"),
        IPv6Network("2002:a00::/24"),
        IPv6Network("::a00:0/104"),
    ]


def test_each_service_leaves_by_its_own_way() -> None:
    assert held(elements.egress, "home")["leaves_by"] == ["v-cloud : leave_vps", "v-game : leave_edge"]
    assert held(elements.egress, "vps")["leaves_by"] == ["v-blog : leave_direct", "wrn-vps : leave_for_others"]


def test_who_may_leave_is_named_where_it_leaves() -> None:
    assert held(elements.egress, "home")["leaves_through4"] == ["wrn-edge . 10.86.1.4", "wrn-vps . 10.86.1.2"]
    assert "leaves_here4" not in held(elements.egress, "home")
    assert held(elements.egress, "vps")["leaves_here4"] == ["10.86.0.2", "10.86.1.2"]
    assert held(elements.egress, "edge")["leaves_here4"] == ["10.86.1.4", "10.86.3.2"]


def test_a_service_without_a_way_out_is_in_no_way_out() -> None:
    found = held(elements.egress, "home")
    assert not any("10.86.1.3" in each or "v-db" in each for texts in found.values() for each in texts)


@pytest.mark.parametrize(
    ("kind", "gateway", "chain"),
    [("direct", None, "leave_direct"), ("gateway", "vps", "leave_vps"), ("lan", None, None), ("none", None, None)],
)
def test_the_chain_of_a_way(kind: str, gateway: str | None, chain: str | None) -> None:
    assert elements.way_out(Egress(EgressKind(kind), gateway)) == chain


def test_an_answer_takes_the_way_of_the_question() -> None:
    found = held(elements.answering, "home", two_hosts())
    assert found["came_by"] == ["wrn-vps : came_vps"]
    assert set(found["answers_by"]) == {
        f"{0x02000000} : leave_direct",
        f"{0x03000000} : leave_direct",
        f"{0x10000000} : leave_vps",
    }


def test_a_gateway_leads_other_gateways_back_to_themselves() -> None:
    assert held(elements.returning, "vps")["returning4"] == ["203.0.113.20 . 10.86.2.0/24"]
    assert held(elements.returning, "home") == {}


def test_only_who_has_a_way_to_the_internet_may_ask_what_is_exposed_there() -> None:
    assert held(elements.egress, "home")["outgoing4"] == ["10.86.1.2", "10.86.1.4"]
    assert held(elements.egress, "vps")["outgoing6"] == ["fd86:86:86::2"]


@pytest.mark.parametrize(
    "address", ["10.0.0.1", "192.168.2.9", "127.0.0.1", "0.0.0.0", "240.0.0.1", "fe80::1", "fd00::1"]
)
def test_a_bogon_is_known_as_such(address: str) -> None:
    assert special("vps", address, "bogons")


def test_what_a_guard_lets_in() -> None:
    sources = (ip_network("198.51.100.0/25"), ip_network("198.51.100.128/25"), ip_network("2001:db8::/32"))
    guard = Guard(22, None, sources, ((Protocol.TCP, Ports(80, 80)), (Protocol.UDP, Ports(60000, 61000))))
    topology = two_hosts()
    vps = replace(topology.hosts["vps"], guard=guard)
    found = held(elements.guarded, "vps", replace(topology, hosts={**topology.hosts, "vps": vps}))
    assert found == {
        "allowed": ["tcp . 80", "udp . 60000-61000"],
        "operators4": ["198.51.100.0/24"],
        "operators6": ["2001:db8::/32"],
    }
    assert held(elements.guarded, "home") == {}


def test_public_addresses_are_the_host_s_own() -> None:
    assert members(table_of(ALL, "vps"), "public4") == ["203.0.113.10"]
    assert members(table_of(ALL, "edge"), "public6") == ["2001:db8:20::20"]
    assert members(table_of(ALL, "home"), "public4") == []
