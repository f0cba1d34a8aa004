"""What is declared of connections that leave."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_network

from tests.grounds import AROUND
from tests.topologies import DIRECT, LAN, NONE, through, two_hosts
from warren.basis.address import Ports, Protocol
from warren.probe.ground import Surroundings
from warren.topology.model import Egress, PrefixPermission, Topology
from warren.verify.flow import Flow
from warren.verify.leaving import host_to_server, service_to_neighbour, service_to_server
from warren.verify.world import world

TWO = two_hosts()


def with_egress(egress: Egress, *needs: PrefixPermission) -> Topology:
    services = {**TWO.services, "cloud": replace(TWO.services["cloud"], egress=egress)}
    return replace(TWO, services=services, permissions=(*TWO.permissions, *needs))


def leaving(topology: Topology, around: Surroundings = AROUND) -> list[Flow]:
    return list(service_to_server(world(topology, around), topology.services["cloud"]))


def test_egress_through_a_gateway_shows_the_gateway() -> None:
    flows = leaving(with_egress(through("vps")))
    assert all(f.open and f.leaves == "vps" for f in flows)
    assert {str(a) for f in flows for a in f.own} == {"203.0.113.10", "2001:db8:10::10"}


def test_a_gateway_without_ipv6_gives_none() -> None:
    seen = {**AROUND.seen, "vps": AROUND.seen["vps"][:1]}
    flows = leaving(with_egress(through("vps")), replace(AROUND, seen=seen))
    assert {f.family for f in flows if f.open} == {"ipv4"}
    assert any(f.family == "ipv6" for f in flows)


def test_direct_egress_shows_the_home() -> None:
    assert {f.leaves for f in leaving(with_egress(DIRECT))} == {"home"}


def test_no_egress_and_lan_egress_do_not_reach_the_internet() -> None:
    assert not any(f.open for e in (NONE, LAN) for f in leaving(with_egress(e)))


def test_a_need_opens_a_prefix_where_egress_does_not() -> None:
    need = PrefixPermission(
        "cloud", (ip_network("192.0.2.0/24"),), Protocol.TCP, Ports(443, 443), DIRECT, "192.0.2.0/24"
    )
    opened = [f for f in leaving(with_egress(NONE, need)) if f.open]
    assert [(f.port, f.protocol.value, f.family, f.leaves) for f in opened] == [(443, "tcp", "ipv4", "home")]


def test_a_host_leaves_as_itself() -> None:
    flows = list(host_to_server(world(TWO, AROUND), TWO.hosts["home"]))
    assert flows and all(f.open and f.leaves == "home" for f in flows)


def test_neighbours_are_reached_with_lan_egress_from_their_lan_only() -> None:
    topology = with_egress(LAN)
    at = world(topology, AROUND)
    near = list(service_to_neighbour(at, topology.services["cloud"], "lan:home"))
    assert {f.family for f in near if f.open} == {"ipv4"}  # the file gives the LAN no IPv6 prefix
    far = replace(topology.services["cloud"], host="vps")
    assert not any(f.open for f in service_to_neighbour(at, far, "lan:home"))


def test_a_neighbour_whose_address_is_the_internets_is_not_judged() -> None:
    topology = with_egress(DIRECT)
    flows = list(service_to_neighbour(world(topology, AROUND), topology.services["cloud"], "lan:home"))
    assert {f.family for f in flows} == {"ipv4"} and not any(f.open for f in flows)


def test_neighbours_are_reached_by_a_need() -> None:
    need = PrefixPermission("cloud", (ip_network("192.168.2.0/24"),), None, None, LAN, "home.lan")
    topology = with_egress(NONE, need)
    flows = list(service_to_neighbour(world(topology, AROUND), topology.services["cloud"], "lan:home"))
    assert {(f.protocol.value, f.family) for f in flows if f.open} == {("tcp", "ipv4"), ("udp", "ipv4")}
