from __future__ import annotations

from tests.topologies import NONE, exposed, host, joined, pair, service, two_hosts
from warren.topology.model import Topology
from warren.verify.beyond import outside_of
from warren.verify.claims.around import Around
from warren.verify.claims.doors import claims, hairpins


def around(topology: Topology) -> Around:
    return Around.of(topology, outside_of(topology))


def test_a_door_is_open_for_its_sources() -> None:
    given = [claim for claim in claims(around(two_hosts())) if claim.open and claim.ports == (12346, 12346)]
    (four,) = [claim for claim in given if claim.version == 4]
    assert four.places == ("internet",) and four.sources == ("198.51.100.0/24",)
    assert four.becomes == ("10.86.1.4", 12346) and not four.hidden


def test_a_door_on_a_lan_hides_the_client_where_the_service_is_elsewhere() -> None:
    home, cabin = host("home", 1, lan="192.168.2.0/24"), host("cabin", 3, lan="192.168.3.0/24")
    web = service("web", "home", pair(1, 2), NONE, web="80/tcp")
    near, far = exposed(home, web, "web"), exposed(cabin, web, "web", "8080")
    given = [c for c in claims(around(joined([home, cabin], [web], [], [near, far]))) if c.open]
    assert {(c.places, c.hidden) for c in given} == {(("lan:home",), False), (("lan:cabin",), True)}


def test_what_a_gateway_passes_on_it_may_ask_for_itself() -> None:
    given = [claim for claim in claims(around(two_hosts())) if claim.places == ("vps",)]
    assert given and all(claim.open is None for claim in given)


def test_a_door_from_inside_is_not_judged() -> None:
    given = list(hairpins(around(two_hosts()), ("cloud",), "vps"))
    assert given and {claim.open for claim in given} == {None} and {claim.hidden for claim in given} == {True, False}
