"""What stands around a network of which only the file is known."""

from __future__ import annotations

from tests.networks import example
from warren.explain.ground import address_of, neighbour_of, outside, surroundings


def test_somebody_stands_outside_and_beside() -> None:
    topology = example("nine-worlds")
    around = surroundings(topology)
    assert [str(each) for each in around.seen["internet"]] == ["198.51.100.7", "2001:db8:ffff::7"]
    assert str(neighbour_of(around, "lan:home", 4)) == "192.168.2.50"
    assert neighbour_of(around, "lan:home", 6) is None
    assert neighbour_of(around, "lan:nowhere", 4) is None
    assert str(address_of(around, "internet2", 6)) == "2001:db8:ffff::7"
    assert str(address_of(around, "lan:home", 4)) == "198.51.100.7", "as its router lets it appear"


def test_every_host_has_an_uplink() -> None:
    topology = example("nine-worlds")
    made = outside(topology, surroundings(topology))
    assert {(each.host, each.device, each.place) for each in made.uplinks} == {
        ("vps", "eth0", "internet"),
        ("home", "eth0", "lan:home"),
    }
