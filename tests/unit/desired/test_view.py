"""A host's view holds what its packets meet, and nothing else."""

from __future__ import annotations

from tests.topologies import everything, host, joined, two_hosts
from tests.unit.desired.reading import view_of
from warren.desired.view import views
from warren.topology.model import PrefixPermission, ServicePermission, Topology

ALL = everything()


def needs(topology: Topology, name: str) -> set[str]:
    """Source and words of each permission that a host knows of."""
    return {f"{each.source} -> {each.need}" for each in view_of(topology, name).permissions}


def offers(name: str) -> list[str]:
    return [f"{each.service} at {each.at}" for each in view_of(ALL, name).exposures]


def test_services_are_those_of_the_host() -> None:
    found = {name: [each.name for each in view.services] for name, view in views(ALL, {}).items()}
    assert found == {"vps": ["blog"], "home": ["cloud", "db", "game", "print"], "edge": [], "cabin": ["cam"]}


def test_a_gateway_knows_who_leaves_through_it() -> None:
    assert [each.name for each in view_of(ALL, "vps").leaving] == ["cloud"]
    assert [each.name for each in view_of(ALL, "edge").leaving] == ["game", "cam"]
    assert view_of(ALL, "home").leaving == []


def test_both_ends_of_a_tunnel_know_it() -> None:
    vps, home = view_of(ALL, "vps"), view_of(ALL, "home")
    assert sorted(each.dialer for each in vps.served) == ["cabin", "edge", "home"]
    assert [each.gateway for each in vps.dialled] == ["edge"]
    assert vps.interfaces == ("wrn-vps", "wrn-edge")
    assert home.served == []
    assert home.interfaces == ("wrn-vps", "wrn-edge")


def test_a_permission_on_one_host_is_known_there_alone() -> None:
    held = {name for name in ALL.hosts if "cloud -> db.sql" in needs(ALL, name)}
    assert held == {"home"}


def test_a_permission_between_hosts_is_known_on_the_whole_path() -> None:
    held = {name for name in ALL.hosts if "cam -> cloud.web" in needs(ALL, name)}
    assert held == {"cabin", "vps", "home"}
    assert {name for name in ALL.hosts if "blog -> cloud.web" in needs(ALL, name)} == {"vps", "home"}


def test_a_permission_to_the_outside_is_known_where_the_packets_leave() -> None:
    assert {name for name in ALL.hosts if "db -> 192.168.2.9" in needs(ALL, name)} == {"home"}
    assert {name for name in ALL.hosts if "db -> 198.51.100.0/24" in needs(ALL, name)} == {"home", "vps"}


def test_an_exposure_is_known_where_it_is_offered_where_it_ends_and_between() -> None:
    assert "game at edge" in offers("edge")
    assert "game at edge" in offers("home")
    assert "game at edge" not in offers("vps")
    assert all("cam at home" in offers(name) for name in ("home", "vps", "cabin"))
    assert "cam at home" not in offers("edge")


def test_a_host_without_a_way_has_none() -> None:
    lonely = joined([host("home", 1), host("cabin", 3)], [])
    assert view_of(lonely, "home").way_to("cabin") is None
    assert view_of(ALL, "home").way_to("cabin") == "wrn-vps"
    assert view_of(ALL, "edge").way_to("home") == "wrn-edge"


def test_the_order_of_the_file_is_kept() -> None:
    held = view_of(two_hosts(), "home").permissions
    assert [type(each) for each in held[:2]] == [ServicePermission, ServicePermission]
    assert not any(isinstance(each, PrefixPermission) for each in held)
