from __future__ import annotations

from tests.networks import interpreter
from tests.unit.prove.scenes import header
from warren.prove.matrix import Origin, starts
from warren.prove.packets import ANSWER, QUESTION
from warren.prove.walk import Arrival, Start, Walk, own_spans

ASKED = interpreter()
VPS, HOME = ("vps", "wrn-vps"), ("home", "wrn-vps")


def walked(place: str, device: str | None, packet: tuple[int, ...]) -> tuple[Walk, Start, list[Arrival]]:
    walk = Walk.of(ASKED.network, ASKED.tunnels, 4)
    (start,) = starts(walk, (Origin(place, place, device),))
    found = [each for each in walk.arrivals(start) if walk.space.holds(walk.sent(start, each, each.headers), packet)]
    return walk, start, found


def test_the_internet_comes_through_the_tunnel_and_is_answered() -> None:
    packet = header("198.51.100.7", "203.0.113.10", "udp", 12345)
    walk, start, (arrival,) = walked("vps", "eth0", packet)
    assert [leg.node.name for leg in arrival.legs] == ["vps", "home"] and arrival.at_service
    assert arrival.legs[0].went == HOME and arrival.legs[1].came == VPS and arrival.legs[0].naming.target
    assert walk.space.holds(walk.sent(start, arrival, walk.answered(arrival)), packet)


def test_what_is_closed_arrives_nowhere() -> None:
    assert walked("vps", "eth0", header("198.51.100.7", "203.0.113.10", "tcp", 5432))[2] == []


def test_wireguard_carries_what_both_ends_allow() -> None:
    walk = Walk.of(ASKED.network, ASKED.tunnels, 4)
    inner = header("10.86.0.2", "10.86.1.2", "tcp", 80)
    assert walk.space.holds(walk.tunnel(VPS, HOME, QUESTION), inner)
    assert walk.space.holds(walk.tunnel(HOME, VPS, ANSWER), inner)
    assert not walk.space.holds(walk.tunnel(VPS, HOME, QUESTION), header("10.86.0.2", "198.51.100.7", "tcp", 80))
    assert not walk.space.holds(walk.tunnel(HOME, VPS, QUESTION), header("198.51.100.7", "10.86.0.2", "tcp", 80))


def test_own_addresses_are_spans() -> None:
    assert len(own_spans(ASKED.network.nodes["db"], 4)) == len(own_spans(ASKED.network.nodes["db"], 6)) == 1
    assert walked("vps", None, header("10.86.0.1", "10.86.0.2", "tcp", 80))[2]
