from __future__ import annotations

from tests.networks import outside_of, states_of
from tests.topologies import two_hosts
from warren.prove.diagrams import NOTHING
from warren.prove.header import Packet, packet
from warren.prove.matrix import Origin, Proof, prove
from warren.prove.network import Down
from warren.prove.packets import values

TOPOLOGY = two_hosts()
CLOUD, DB, GAME, BLOG, FAR, DOOR = "10.86.1.2", "10.86.1.3", "10.86.1.4", "10.86.0.2", "198.51.100.7", "203.0.113.10"


def proved(down: Down = frozenset()) -> Proof:
    return prove(states_of(TOPOLOGY), outside_of(TOPOLOGY), down)


PROOF = proved()


def ends(place: str, asked: Packet, proof: Proof = PROOF) -> set[str]:
    """Where a packet of a place ends and is answered: `inside`, or a host by whose uplink it leaves."""
    walk, (number,) = proof.walks[asked.version], proof.of(place)
    return {
        each.exit or "inside"
        for each in proof.proved
        if each.version == asked.version
        and walk.space.holds(walk.sent(each.start, each.arrival, each.answered), values(asked, number))
    }


def test_places_are_services_hosts_and_what_is_outside() -> None:
    assert {origin.place for origin in PROOF.origins} == {
        "vps", "home", "blog", "cloud", "db", "game", "internet", "lan:home",
    }  # fmt: skip
    (number,) = PROOF.of("internet")
    assert PROOF.origins[number] == Origin("internet", "vps", "eth0")
    assert PROOF.of("nowhere") == ()


def test_each_place_reaches_what_it_needs_and_nothing_else() -> None:
    assert ends("cloud", packet(CLOUD, DB, "tcp", 5432)) == {"inside"}
    assert ends("game", packet(GAME, DB, "tcp", 5432)) == set()
    assert ends("game", packet(CLOUD, DB, "tcp", 5432)) == set()
    assert ends("blog", packet("fd86:86:86::2", "fd86:86:86:1::2", "tcp", 80)) == {"inside"}
    assert ends("internet", packet(FAR, DOOR, "udp", 12345)) == {"inside"}
    assert ends("internet", packet(FAR, DOOR, "udp", 12344)) == set()
    assert ends("lan:home", packet("192.168.2.50", DB, "tcp", 5432)) == set()
    assert ends("home", packet("10.86.1.1", DB, "tcp", 5432)) == {"inside"}


def test_the_way_out_is_the_gateway_or_none() -> None:
    asked = packet(CLOUD, FAR, "tcp", 443)
    assert ends("cloud", asked) == {"vps"}
    assert ends("db", packet(DB, FAR, "tcp", 443)) == set()
    assert ends("cloud", asked, proved(frozenset({("home", "wrn-vps")}))) == set()


def test_without_an_uplink_there_is_nothing_outside() -> None:
    proof = proved(frozenset({("vps", "eth0")}))
    assert proof.of("internet") == () and proof.of("lan:home")


def test_what_is_answered_has_arrived_and_nothing_goes_in_circles() -> None:
    assert PROOF.loops == ()
    for each in PROOF.proved:
        assert PROOF.walks[each.version].space.without(each.answered, each.arrival.headers) == NOTHING
