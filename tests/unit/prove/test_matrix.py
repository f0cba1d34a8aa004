from __future__ import annotations

from tests.networks import outside_of, states_of
from tests.topologies import two_hosts
from warren.prove.matrix import prove, walked
from warren.prove.packets import ORIGIN

PROOF = prove(states_of(two_hosts()), outside_of(two_hosts()))


def test_every_place_has_a_number_and_services_of_a_host_are_neighbours() -> None:
    places = [origin.place for origin in PROOF.origins]
    assert places == ["blog", "vps", "internet", "cloud", "db", "game", "home", "lan:home"]
    assert PROOF.of("db") == (4,) and PROOF.of("nowhere") == ()


def test_nothing_goes_round_in_circles() -> None:
    assert PROOF.loops == ()


def test_exits_name_their_host() -> None:
    exits = {each.exit for each in PROOF.proved if "cloud" in each.start.names}
    assert exits == {None, "vps"}


def test_answers_are_part_of_arrivals() -> None:
    for each in PROOF.proved:
        space = PROOF.walks[each.version].space
        assert space.without(each.answered, each.arrival.headers) == 0
        assert space.last[ORIGIN] > len(PROOF.origins)


def test_one_family_is_proved_as_both_are() -> None:
    for version in (4, 6):
        alone = walked(PROOF.interpreter, (version,), beside=PROOF)
        mine = [(each.start.names, each.arrival.headers, each.answered) for each in alone.proved]
        both = [
            (each.start.names, each.arrival.headers, each.answered) for each in PROOF.proved if each.version == version
        ]
        assert list(alone.walks) == [version] and mine == both


def test_a_thrifty_proof_says_the_same() -> None:
    thrifty = walked(PROOF.interpreter, (4, 6), thrifty=True)
    whole = walked(PROOF.interpreter, (4, 6))
    shown = [
        [(each.version, each.start.names, each.exit, each.arrival.headers, each.answered) for each in proof.proved]
        for proof in (thrifty, whole)
    ]
    assert shown[0] == shown[1] and shown[0]
