"""What is declared for the Internet and for neighbours."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_network

from tests.grounds import AROUND
from tests.topologies import two_hosts
from warren.basis.address import Ports, Protocol
from warren.topology.model import Exposure, Rate, Topology
from warren.verify.flow import INSIDE, Client, Flow
from warren.verify.outside import outsider_to_host, outsider_to_service
from warren.verify.world import host_listening, numbers, world

TWO = two_hosts()


def to_service(place: str, target: str, topology: Topology = TWO) -> list[Flow]:
    service = topology.services[target]
    return list(outsider_to_service(world(topology, AROUND), place, service, numbers(service)))


def to_host(place: str, target: str, topology: Topology = TWO) -> list[Flow]:
    host = topology.hosts[target]
    return list(outsider_to_host(world(topology, AROUND), place, host, host_listening(host)))


def opened(flows: list[Flow]) -> set[tuple[int, str, str]]:
    return {(f.port, f.protocol.value, str(f.address)) for f in flows if f.open}


def test_an_exposure_is_open_in_its_protocol_at_each_public_address() -> None:
    assert opened(to_service("internet", "blog")) == {(8080, "tcp", "203.0.113.10"), (8080, "tcp", "2001:db8:10::10")}
    assert {f.client for f in to_service("internet", "blog") if f.open} == {Client.KEPT}


def test_the_limit_of_sources_is_that_of_each_family() -> None:
    limited = opened(to_service("internet2", "game"))
    assert (12346, "tcp", "203.0.113.10") not in limited
    assert (12346, "tcp", "2001:db8:10::10") in limited


def test_what_is_not_exposed_is_closed_at_every_public_and_inner_address() -> None:
    flows = to_service("internet", "db")
    assert not opened(flows)
    tried = {(f.port, f.protocol.value, str(f.address)) for f in flows}
    assert {(5432, "tcp", "203.0.113.10"), (5432, "tcp", "10.86.1.3"), (7777, "udp", "fd86:86:86:1::3")} <= tried
    assert {f.via for f in flows if not f.main} == {INSIDE}


def test_a_port_that_belongs_to_another_exposure_is_not_asked_for_this_service() -> None:
    eighty = Exposure("vps", TWO.hosts["vps"].public, "blog", Protocol.TCP, Ports(80, 80), Ports(80, 80))
    crowded = replace(TWO, exposures=(*TWO.exposures, eighty))
    asked = {(f.port, f.protocol.value, str(f.address)) for f in to_service("internet", "cloud", crowded)}
    assert (80, "tcp", "203.0.113.10") not in asked
    assert (80, "udp", "203.0.113.10") in asked and (80, "tcp", "10.86.1.2") in asked


def test_one_port_beyond_a_public_range_is_closed() -> None:
    wide = Exposure("vps", TWO.hosts["vps"].public[:1], "game", Protocol.UDP, Ports(20000, 20009), Ports(12345, 12354))
    flows = to_service("internet", "game", replace(TWO, exposures=(wide,)))
    ends = {(f.port, f.open) for f in flows if f.protocol is Protocol.UDP and 20000 <= f.port < 21000}
    assert ends == {(20000, True), (20004, True), (20009, True), (20010, False)}


def test_a_hidden_client_is_declared_hidden() -> None:
    hidden = replace(TWO.exposures[0], keep=False)
    flows = to_service("internet", "game", replace(TWO, exposures=(hidden,)))
    assert {f.client for f in flows if f.open} == {Client.HIDDEN}


def test_a_lan_exposure_is_open_to_its_lan_only() -> None:
    sources = (ip_network("192.168.2.0/24"),)
    lan = Exposure("home", (), "db", Protocol.TCP, Ports(5432, 5432), Ports(5432, 5432), sources)
    at_home = replace(TWO, exposures=(lan,))
    assert opened(to_service("lan:home", "db", at_home)) == {(5432, "tcp", "192.168.2.10")}
    assert not opened(to_service("internet", "db", at_home))


def test_a_neighbour_appears_with_the_address_of_its_router() -> None:
    flow = next(f for f in to_service("lan:home", "game") if f.open and f.family == "ipv4")
    assert [str(a) for a in flow.own][0] == "198.18.1.1"


def test_a_guarded_gateway_shows_its_ssh_port_and_asks_for_it_once() -> None:
    flows = to_host("internet", "vps")
    assert opened(flows) == {(22, "tcp", "203.0.113.10"), (22, "tcp", "2001:db8:10::10")}
    assert {f.limit for f in flows if f.open} == {Rate(3, 20)}
    assert not any(f.port == 22 and f.protocol is Protocol.TCP and f.via == INSIDE for f in flows)


def test_ssh_from_some_sources_only() -> None:
    vps = TWO.hosts["vps"]
    assert vps.guard is not None
    guard = replace(vps.guard, ssh_from=(ip_network("192.0.2.0/24"),))
    narrow = replace(TWO, hosts={**TWO.hosts, "vps": replace(vps, guard=guard)})
    assert not opened(to_host("internet", "vps", narrow))
    assert opened(to_host("internet2", "vps", narrow)) == {(22, "tcp", "203.0.113.10")}


def test_a_host_without_a_guard_is_open_to_its_lan_and_to_nobody_else() -> None:
    near = opened(to_host("lan:home", "home"))
    assert {(22, "tcp", "192.168.2.10"), (9, "udp", "192.168.2.10")} <= near
    far = to_host("internet", "home")
    assert far and not opened(far)


def test_a_gateway_without_a_guard_shows_all_that_listens() -> None:
    bare = replace(TWO, hosts={**TWO.hosts, "vps": replace(TWO.hosts["vps"], guard=None)})
    assert {p for p, _, _ in opened(to_host("internet", "vps", bare))} == {9, 22}
