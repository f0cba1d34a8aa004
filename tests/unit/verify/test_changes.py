"""changes: what a plan means for the network, in sentences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from ipaddress import ip_network

from tests.networks import outside_of, states_of
from tests.topologies import LAN, NONE, two_hosts
from warren.basis.ports import Ports, Protocol
from warren.desired.items.rules import Rules
from warren.desired.model import HostState
from warren.formats.nft import model as nft
from warren.prove.matrix import prove
from warren.topology.model import Exposure, PrefixPermission, Service, ServicePermission, Topology
from warren.verify.changes import changes


def said(old: Topology | None, new: Topology) -> tuple[str, ...]:
    outside = outside_of(new)
    desired = states_of(new)
    before = prove(states_of(old) if old else {name: HostState() for name in desired}, outside)
    return changes(before, prove(desired, outside, beside=before), new)


def with_services(topology: Topology, services: Iterable[Service]) -> Topology:
    return replace(topology, services={each.name: each for each in services})


def test_a_first_apply_in_short() -> None:
    assert said(None, two_hosts()) == (
        "Internet can now reach blog:8080/tcp at vps",
        "Internet can now reach game:12345/udp at vps",
        "198.51.100.0/24 can now reach game:12346/tcp at vps",
        "2001:db8::/32 can now reach game:12346/tcp at vps",
        "services can now reach what they need, in 6 ways",
        "Internet can no longer reach other ports of vps itself",
    )


def test_nothing_changes_nothing() -> None:
    assert said(two_hosts(), two_hosts()) == ()


def test_a_permission_that_goes() -> None:
    old = two_hosts()
    assert said(old, replace(old, permissions=old.permissions[1:])) == ("cloud can no longer reach db:5432/tcp",)


def test_a_service_that_goes_is_still_called_by_its_name() -> None:
    old = two_hosts()
    new = replace(with_services(old, [s for s in old.services.values() if s.name != "db"]), permissions=())
    assert "cloud can no longer reach db:5432/tcp" in said(old, new)


def test_an_exposure_that_moves_to_another_service() -> None:
    old = two_hosts()
    moved = replace(old.exposures[2], service="cloud")
    assert said(old, replace(old, exposures=(*old.exposures[:2], moved))) == (
        "Internet can now reach cloud:8080/tcp at vps",
        "Internet can no longer reach blog:8080/tcp at vps",
    )


def test_sources_that_are_opened_to_everyone() -> None:
    old = two_hosts()
    opened = replace(old.exposures[1], sources=())
    assert said(old, replace(old, exposures=(old.exposures[0], opened, old.exposures[2]))) == (
        "Internet can now reach game:12346/tcp at vps",
    )


def test_ranges_and_the_lan() -> None:
    old = two_hosts()
    every = Ports(27015, 27030)
    more = (
        Exposure("vps", old.hosts["vps"].public, "game", Protocol.UDP, every, every),
        Exposure("home", (), "cloud", Protocol.TCP, Ports(80, 80), Ports(80, 80), old.hosts["home"].lans[0].prefixes),
    )
    needs = ServicePermission("blog", "game", Protocol.UDP, every, "game.range")
    new = replace(old, exposures=(*old.exposures, *more), permissions=(*old.permissions, needs))
    assert said(old, new) == (
        "Internet can now reach game:27015-27030/udp at vps",
        "blog can now reach game:27015-27030/udp",
        "the LAN of home can now reach cloud:80/tcp",
    )


def test_another_way_out() -> None:
    old = two_hosts()
    services = [replace(s, egress=NONE if s.name == "game" else s.egress) for s in old.services.values()]
    assert said(old, with_services(old, services)) == ("game can no longer reach the Internet by vps",)
    services = [replace(s, egress=LAN if s.name == "db" else s.egress) for s in old.services.values()]
    assert said(old, with_services(old, services)) == ("db can now reach the LAN of home",)


def test_prefixes_beyond_the_network() -> None:
    old = two_hosts()
    cameras = (ip_network("192.168.2.16/28"),)
    need = PrefixPermission("db", cameras, Protocol.TCP, Ports(554, 554), LAN, "192.168.2.16/28")
    assert said(old, replace(old, permissions=(*old.permissions, need))) == (
        "db can now reach 192.168.2.16/28 at 554/tcp",
    )


def test_what_somebody_opened_by_hand_is_said() -> None:
    topology = two_hosts()
    desired = states_of(topology)
    (item,) = [each for each in desired["home"] if isinstance(each, Rules) and each.table.name == "warren"]
    chains = tuple(
        replace(each, rules=(nft.Rule((nft.Accept(),)), *each.rules)) if each.name in ("passing", "answers") else each
        for each in item.table.chains
    )
    opened = HostState({**desired["home"].items, item.key: Rules(replace(item.table, chains=chains))})
    before = prove({**desired, "home": opened}, outside_of(topology))
    sentences = changes(before, prove(desired, outside_of(topology), beside=before), topology)
    assert "game can no longer reach every port of db" in sentences
    assert "cloud can no longer reach other ports of db" in sentences
    assert not any("can now" in each for each in sentences)


def test_one_family_alone() -> None:
    topology = two_hosts()
    desired = states_of(topology)
    (item,) = [each for each in desired["home"] if isinstance(each, Rules) and each.table.name == "warren"]
    sets = tuple(replace(each, elements=frozenset()) if each.name == "permit6" else each for each in item.table.sets)
    half = HostState({**desired["home"].items, item.key: Rules(replace(item.table, sets=sets))})
    before = prove({**desired, "home": half}, outside_of(topology))
    sentences = changes(before, prove(desired, outside_of(topology), beside=before), topology)
    assert "cloud can now reach db:5432/tcp (IPv6 only)" in sentences
