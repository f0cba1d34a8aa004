from __future__ import annotations

from dataclasses import replace

from tests.claims import claims_of
from tests.networks import outside_of, states_of
from tests.topologies import two_hosts
from warren.basis.ports import Ports, Protocol
from warren.prove.anew import prove_again
from warren.prove.compare import compare
from warren.prove.matrix import prove
from warren.prove.outside import Outside
from warren.topology.model import ServicePermission, Topology


def with_one_more() -> Topology:
    """Two hosts, where the game may ask the database too."""
    before = two_hosts()
    more = ServicePermission("game", "db", Protocol.TCP, Ports(5432, 5432), "db.sql")
    return replace(before, permissions=(*before.permissions, more))


def test_after_a_change_the_proof_is_that_of_the_new_states() -> None:
    old, new = states_of(two_hosts()), states_of(with_one_more())
    outside = outside_of(two_hosts())
    again = prove_again(prove(old, outside), old, new, outside)
    assert compare(again, claims_of(with_one_more())) == ()
    (found,) = {each.origin.place for each in compare(again, claims_of(two_hosts()))}
    assert found == "game"


def test_what_is_the_same_is_not_made_again() -> None:
    old, new = states_of(two_hosts()), states_of(with_one_more())
    before = prove(old, outside_of(two_hosts()))
    again = prove_again(before, old, new, outside_of(two_hosts()))
    assert again.network.nodes["vps"] is before.network.nodes["vps"]
    assert again.network.nodes["home"] is not before.network.nodes["home"]
    assert list(again.network.nodes) == list(before.network.nodes)


def test_another_outside_is_another_network() -> None:
    old = states_of(two_hosts())
    before = prove(old, outside_of(two_hosts()))
    again = prove_again(before, old, old, Outside())
    assert again.network.nodes["vps"] is not before.network.nodes["vps"] and again.of("internet") == ()


def test_places_keep_their_numbers_whatever_comes_and_goes() -> None:
    topology = two_hosts()
    before = prove(states_of(topology), outside_of(topology))
    services = {name: each for name, each in topology.services.items() if name != "blog"}
    fewer = replace(topology, services=services, permissions=topology.permissions[:1], exposures=topology.exposures[:2])
    again = prove_again(before, states_of(topology), states_of(fewer), outside_of(fewer))
    assert again.of("blog") == () and again.of("db") == before.of("db")
    assert compare(again, claims_of(fewer)) == ()
    back = prove_again(again, states_of(fewer), states_of(topology), outside_of(topology))
    assert compare(back, claims_of(topology)) == () and back.of("db") == before.of("db")
