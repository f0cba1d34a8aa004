from __future__ import annotations

from dataclasses import replace

from tests.claims import claims_of
from tests.networks import outside_of, states_of
from tests.topologies import two_hosts
from warren.basis.ports import Ports, Protocol
from warren.desired.items.rules import Rules
from warren.desired.model import HostState
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


def test_one_change_after_another_from_the_same_beginning() -> None:
    """Tables that share their rules, and differ in one set alone."""
    old, outside = states_of(two_hosts()), outside_of(two_hosts())
    before = prove(old, outside)
    changed = [without(old, name) for name in ("leaves_here4", "pins6")]
    found = [compare(prove_again(before, old, each, outside), claims_of(two_hosts())) for each in changed]
    assert found == [compare(prove(each, outside), claims_of(two_hosts())) for each in changed]


def without(states: dict[str, HostState], name: str) -> dict[str, HostState]:
    """The states with a set of the gateway emptied; all rules stay the very same."""
    vps = states["vps"]
    (item,) = [each for each in vps if isinstance(each, Rules) and each.table.lookups().get(name)]
    sets = tuple(replace(each, elements=frozenset()) if each.name == name else each for each in item.table.sets)
    return {**states, "vps": HostState({**vps.items, item.key: Rules(replace(item.table, sets=sets))})}
