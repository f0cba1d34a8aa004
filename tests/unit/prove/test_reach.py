from __future__ import annotations

from tests.networks import outside_of, states_of
from tests.topologies import two_hosts
from warren.prove.matrix import prove
from warren.prove.reach import reach

PROOF = prove(states_of(two_hosts()), outside_of(two_hosts()))


def test_a_list_of_everything_that_a_service_reaches() -> None:
    words = [str(each) for each in reach(PROOF, "db") if each.version == 4 and each.protocols != (58, 58)]
    assert words == ["10.86.1.1 icmp -> home"]
    cloud = {str(each) for each in reach(PROOF, "cloud") if each.place in ("db", "home")}
    assert {"10.86.1.3 tcp 5432 -> db", "10.86.1.1 tcp 3306 -> home"} <= cloud


def test_ports_are_those_that_are_asked_for_and_those_that_are_reached() -> None:
    (web,) = [e for e in reach(PROOF, "internet") if e.place == "blog" and e.version == 4 and e.sources[0] == 1 << 24]
    assert (web.ports, web.at, web.answered) == ((8080, 8080), (80, 80), True)
    assert str(web) == "203.0.113.10 tcp 8080 -> blog"


def test_exits_say_by_which_host() -> None:
    assert {each.exit for each in reach(PROOF, "game") if each.place is None} == {"vps"}
