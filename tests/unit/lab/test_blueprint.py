"""From one blueprint to another, touching only what differs."""

from __future__ import annotations

from tests.lab.topologies import HOME, VPS, host, many_hosts, topology, two_hosts
from warren.lab.blueprint import EMPTY, change, from_json
from warren.lab.draw import draw


def test_a_blueprint_survives_its_own_text() -> None:
    drawn = draw(two_hosts())
    assert from_json(drawn.to_json()) == drawn


def test_the_same_asks_for_nothing() -> None:
    drawn = draw(two_hosts())
    asked = change(drawn, from_json(drawn.to_json()))
    assert asked == {
        "do": "change", "cut": [], "end": [], "vanish": [], "begin": [],
        "sysctls": {}, "wires": [], "lines": {}, "rules": {},
    }  # fmt: skip


def test_from_nothing_to_everything() -> None:
    drawn = draw(two_hosts())
    asked = change(EMPTY, drawn)
    assert [stand["tag"] for stand in asked["begin"]] == [tag for tag in drawn.stands if tag != "core"]
    assert len(asked["wires"]) == len(drawn.wires)
    assert "core" in asked["sysctls"]
    assert asked["lines"]["host:vps"][0] == "link set dev lo up"


def test_a_new_host_leaves_the_others_alone() -> None:
    asked = change(draw(many_hosts(2)), draw(many_hosts(3)))
    assert {stand["tag"] for stand in asked["begin"]} == {"place:router:home3", "place:lan:home3", "host:home3"}
    assert asked["cut"] == [] and asked["end"] == []
    assert set(asked["lines"]) == {"core", "place:router:home3", "place:lan:home3", "host:home3"}


def test_a_removed_host_is_ended_with_its_home() -> None:
    asked = change(draw(many_hosts(3)), draw(many_hosts(2)))
    assert set(asked["end"]) == {"place:router:home3", "place:lan:home3", "host:home3"}
    assert (asked["cut"], asked["vanish"]) == ([], ["site3"]), "its cables go with it"
    assert asked["begin"] == [] and asked["lines"] == {}


def test_a_moved_address_lays_one_line_anew() -> None:
    moved = host("vps", 1, ("203.0.113.99",))
    asked = change(draw(topology(VPS, HOME)), draw(topology(moved, HOME)))
    assert asked["cut"] == [("core", "gw1")]
    assert [wire["right"] for wire in asked["wires"]] == ["host:vps"]
    assert asked["begin"] == []


def test_a_host_that_joins_a_home_adds_to_its_router() -> None:
    house = [host(name, number, lans=("192.168.2.0/24",), site="house") for name, number in (("a", 2), ("b", 3))]
    asked = change(draw(topology(VPS, house[0])), draw(topology(VPS, *house)))
    assert asked["end"] == [] and asked["cut"] == []
    assert asked["lines"]["place:router:house"] == [
        "link set dev lan0-h1 master lan0 up",
        "link set dev lan0-n1 master lan0 up",
    ]
