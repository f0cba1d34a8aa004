from __future__ import annotations

from tests.topologies import DIRECT, LAN, NONE, exposed, host, joined, pair, service, through, two_hosts
from warren.prove.claim import Claim
from warren.topology.model import Topology
from warren.verify.beyond import outside_of
from warren.verify.claims.around import Around
from warren.verify.claims.leaving import claims, leads_to

HOME = host("home", 1, lan="192.168.2.0/24")


def found(topology: Topology) -> list[Claim]:
    return list(claims(Around.of(topology, outside_of(topology))))


def test_who_has_no_way_out_is_not_spoken_of() -> None:
    assert found(joined([HOME], [service("db", "home", pair(1, 3), NONE)])) == []
    assert leads_to("home", NONE) is None and leads_to("home", DIRECT) == "home"


def test_a_way_to_the_lan_is_not_one_to_the_host() -> None:
    given = found(joined([HOME], [service("print", "home", pair(1, 3), LAN)]))
    assert {claim.exit for claim in given} == {"home"} and all(claim.hidden for claim in given)
    assert "192.168.2.0/29" in {claim.target for claim in given}
    assert not any(claim.target == "192.168.2.10/32" for claim in given)


def test_services_with_the_same_way_are_one_claim() -> None:
    services = [service(name, "home", pair(1, number), DIRECT) for name, number in (("a", 3), ("b", 4))]
    assert {claim.places for claim in found(joined([HOME], services))} == {("a", "b")}


def test_the_doors_of_the_way_out_are_not_judged() -> None:
    doors = [claim for claim in found(two_hosts()) if claim.becomes]
    assert doors and all(claim.open is None for claim in doors)
    assert {claim.places for claim in doors} == {("blog", "cloud", "game")}


def test_the_doors_of_the_own_host_are_there_whatever_the_way_out() -> None:
    vps, edge = host("vps", 0, "203.0.113.10"), host("edge", 2, "203.0.113.20")
    game = service("game", "edge", pair(2, 5), through("vps"))
    web = service("web", "edge", pair(2, 6), NONE, web="80/tcp")
    given = found(joined([vps, edge], [game, web], [], [exposed(edge, web, "web")]))
    assert [claim.target for claim in given if claim.becomes and not claim.hidden] == ["203.0.113.20"]
