"""What is declared inside the network."""

from __future__ import annotations

from dataclasses import replace

from tests.grounds import AROUND
from tests.topologies import LAN, two_hosts
from warren.basis.ports import Ports, Protocol
from warren.topology.model import Egress, EgressKind, LocalPort, Service, Topology
from warren.verify.flow import LOCALHOST, Client, Flow
from warren.verify.inside import host_to_host, host_to_service, loopback, service_to_host, service_to_service
from warren.verify.world import World, world

TWO = two_hosts()


def at(topology: Topology = TWO) -> World:
    return world(topology, AROUND)


def between(source: str, target: str, *ports: int, topology: Topology = TWO) -> list[Flow]:
    services = topology.services
    return list(service_to_service(at(topology), services[source], services[target], ports))


def opened(flows: list[Flow]) -> set[tuple[int, str, str]]:
    return {(f.port, f.protocol.value, str(f.address)) for f in flows if f.open}


def test_a_need_opens_its_port_in_both_families_and_no_other() -> None:
    flows = between("cloud", "db", 5432, 7777)
    assert len(flows) == 8
    assert opened(flows) == {(5432, "tcp", "10.86.1.3"), (5432, "tcp", "fd86:86:86:1::3")}
    assert {f.client for f in flows if f.open} == {Client.KEPT}


def test_without_a_need_everything_is_closed() -> None:
    assert opened(between("game", "db", 5432, 7777)) == set()


def test_a_public_port_answers_from_within_for_who_may_leave() -> None:
    hairpins = [f for f in between("cloud", "blog", 80) if not f.main]
    assert opened(hairpins) == {(8080, "tcp", "203.0.113.10"), (8080, "tcp", "2001:db8:10::10")}
    assert {f.reached for f in hairpins} == {80}
    assert opened([f for f in between("db", "blog", 80) if not f.main]) == set()
    assert any(not f.main for f in between("db", "blog", 80))


def test_the_doors_of_its_own_host_answer_a_service_before_its_way_out() -> None:
    far = replace(TWO.services["blog"], egress=Egress(EgressKind.GATEWAY, "a gateway without addresses"))
    topology = replace(TWO, services={**TWO.services, "blog": far})
    hairpins = [f for f in between("blog", "game", 80, topology=topology) if f.port == 12345]
    assert opened(hairpins) == {(12345, "udp", "203.0.113.10"), (12345, "udp", "2001:db8:10::10")}


def test_a_limited_public_port_is_not_asked_from_within_when_the_limit_could_be_met() -> None:
    ports = {(f.port, f.protocol) for f in between("cloud", "game", 80) if not f.main}
    assert ports == {(12345, Protocol.UDP), (12346, Protocol.TCP)}
    # the IPv6 limit covers the gateway, the IPv4 limit does not
    limited = [f for f in between("cloud", "game", 80) if f.port == 12346 and not f.main]
    assert [f.family for f in limited] == ["ipv4"] and not limited[0].open


def test_a_gateway_is_not_asked_about_limits_of_its_own_ports() -> None:
    flows = host_to_service(at(), TWO.hosts["vps"], TWO.services["game"], ())
    assert {f.port for f in flows} == {12345}


def test_a_service_with_lan_egress_has_no_hairpin() -> None:
    lan = {**TWO.services, "cloud": replace(TWO.services["cloud"], egress=LAN)}
    assert not opened([f for f in between("cloud", "blog", 80, topology=replace(TWO, services=lan)) if not f.main])


def test_only_a_needed_program_of_a_host_is_open() -> None:
    home = replace(TWO.hosts["home"], programs=(replace(TWO.services["db"].ports[0], name="mysql"),))
    flows = list(service_to_host(at(), TWO.services["cloud"], home, (22, 3306)))
    assert opened(flows) == set()
    assert {str(f.address) for f in flows} == {"10.86.1.1", "fd86:86:86:1::1", "192.168.2.10", "2001:db8:a001::a"}


def test_a_needed_port_answers_at_the_loopback() -> None:
    local = LocalPort(3306, TWO.services["db"].addresses, 5432, "db.sql")
    flows = list(loopback(at(), replace(TWO.services["cloud"], localhost=(local,))))
    assert [str(f.address) for f in flows] == ["127.0.0.1", "::1"]
    assert {(f.target, f.port, f.reached, f.via, f.open) for f in flows} == {("db", 3306, 5432, LOCALHOST, True)}


def test_a_program_at_the_loopback_is_shown_as_its_host() -> None:
    local = LocalPort(3306, TWO.hosts["home"].addresses, 3306, "home.mysql", "home")
    assert {f.answer for f in loopback(at(), replace(TWO.services["cloud"], localhost=(local,)))} == {"home"}


def test_a_host_reaches_its_own_services_and_no_others() -> None:
    cloud: Service = TWO.services["cloud"]
    near = list(host_to_service(at(), TWO.hosts["home"], cloud, (80, 7777, 8888)))
    assert all(f.open for f in near) and {f.port for f in near} == {80, 7777}
    assert not any(f.open for f in host_to_service(at(), TWO.hosts["vps"], cloud, (80, 7777)))


def test_a_host_reaches_the_public_ports_of_others() -> None:
    flows = list(host_to_service(at(), TWO.hosts["home"], TWO.services["blog"], (80,)))
    assert {(f.port, f.open) for f in flows} == {(80, False), (8080, True)}


def test_a_host_is_not_asked_to_answer_packets_with_its_own_address() -> None:
    flows = host_to_service(at(), TWO.hosts["home"], TWO.services["game"], ())
    assert {(f.family, f.port) for f in flows} == {("ipv4", 12345), ("ipv4", 12346)}


def test_a_gateway_reaches_what_is_exposed_at_it_and_nothing_else() -> None:
    one = replace(TWO, exposures=TWO.exposures[:1])
    flows = host_to_service(at(one), TWO.hosts["vps"], TWO.services["game"], (12345, 12346, 7777))
    assert opened([f for f in flows if f.main]) == {
        (12345, "udp", "10.86.1.4"),
        (12345, "udp", "fd86:86:86:1::4"),
    }


def test_a_host_reaches_what_it_offers_its_lan_of_another_one() -> None:
    offered = replace(TWO.exposures[0], at="home", addresses=(), service="blog", protocol=Protocol.TCP,
                      ports=Ports(8000, 8000), target=Ports(80, 80), keep=False)  # fmt: skip
    assert offered.is_lan
    world_of = at(replace(TWO, exposures=(offered,)))
    flows = list(host_to_service(world_of, TWO.hosts["home"], TWO.services["blog"], (80, 81)))
    assert {(port, protocol) for port, protocol, _ in opened(flows)} == {(80, "tcp")}


def test_hosts_do_not_trust_each_other() -> None:
    flows = list(host_to_host(TWO.hosts["vps"], TWO.hosts["home"], (9, 22)))
    assert len(flows) == 8 and not any(f.open for f in flows)


def test_a_host_leads_its_operator_to_another_where_the_file_says_so() -> None:
    led = replace(TWO.hosts["home"], ssh_via="vps", ssh_inside=True)
    assert opened(list(host_to_host(TWO.hosts["vps"], led, (9, 22)))) == {
        (22, "tcp", "10.86.1.1"),
        (22, "tcp", "fd86:86:86:1::1"),
    }
    assert not opened(list(host_to_host(replace(TWO.hosts["vps"], name="other"), led, (9, 22))))
