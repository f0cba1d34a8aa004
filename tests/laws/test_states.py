"""What holds for the desired states of every network, and for the way from one to another."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations
from typing import TypeVar

from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import topologies
from tests.topologies import many_services
from warren.desired.items.rules import Rules
from warren.desired.lower import PARTS, lower
from warren.desired.model import HostState, of_kind
from warren.desired.steps import script
from warren.desired.view import views
from warren.formats.nft.model import Prefix, Set, Span, Value
from warren.hosts.fake.values import PROTOCOLS
from warren.plan.diff import diff, diff_host
from warren.topology.model import Topology

Thing = TypeVar("Thing")
KEYS = {name: name[0] * 43 + "=" for name in ("vps", "edge", "home", "cabin")}


@given(topologies())
def test_nothing_differs_from_itself(topology: Topology) -> None:
    state = lower(topology, KEYS)
    assert diff(state, state).is_empty
    assert diff(lower(topology, KEYS), state).is_empty


@given(topologies(), st.randoms(use_true_random=False))
def test_the_order_of_the_file_does_not_matter(topology: Topology, chance: random.Random) -> None:
    shuffled = replace(
        topology,
        hosts=dict(_shuffled(topology.hosts.items(), chance)),
        services=dict(_shuffled(topology.services.items(), chance)),
        tunnels=tuple(_shuffled(topology.tunnels, chance)),
        permissions=tuple(_shuffled(topology.permissions, chance)),
        exposures=tuple(_shuffled(topology.exposures, chance)),
    )
    for name, state in lower(topology, KEYS).items():
        other = lower(shuffled, KEYS)[name]
        assert list(diff_host(name, state, other)) == []
        assert state.items == other.items


def _shuffled(given: Iterable[Thing], chance: random.Random) -> list[Thing]:
    return chance.sample(listed := list(given), len(listed))


@given(topologies())
def test_elements_of_interval_sets_never_overlap(topology: Topology) -> None:
    for name, state in lower(topology).items():
        for rules in of_kind(state, Rules):
            for each in rules.table.lookups().values():
                if "interval" in each.flags:
                    assert list(_overlaps(each)) == [], f"{name}: {each.name}"


def _overlaps(held: Set) -> Iterator[str]:
    keys = [tuple(_span(value) for value in element.key) for element in held.elements]
    for one, other in combinations(keys, 2):
        if all(_meet(a, b) for a, b in zip(one, other, strict=True)):
            yield f"{one} and {other}"


def _span(value: Value) -> tuple[int, int] | str:
    match value:
        case int():
            return value, value
        case Prefix() | Span():
            return value.first, value.last
        case str() if value in PROTOCOLS:
            return PROTOCOLS[value], PROTOCOLS[value]
    return str(value)


def _meet(one: tuple[int, int] | str, other: tuple[int, int] | str) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    return one[0] <= other[1] and other[0] <= one[1]


@given(topologies())
def test_no_two_items_and_no_two_elements_have_one_key(topology: Topology) -> None:
    for view in views(topology, KEYS).values():
        # Two that differ raise ValueError; an item that is made twice would be lost work.
        items = [item for part in PARTS for item in part(view)]
        assert len({item.key for item in items}) == len(items)
        for rules in of_kind(HostState.of(items), Rules):
            for each in rules.table.lookups().values():
                assert len({element.key for element in each.elements}) == len(each.elements), each.name


# Three ways to the rules that count connections, in two families; those that tell who has which limit; and six for the
# one limit that all services of these networks have.
COUNTING = 6 + 3 + 6


@given(topologies())
def test_services_add_elements_and_no_rules(topology: Topology) -> None:
    bare = lower(replace(topology, services={}, permissions=(), exposures=()))
    for name, state in lower(topology).items():
        rates = {each.limit for each in topology.exposures if each.limit and each.at == name}
        counted = COUNTING if any(each.connections for each in topology.declared) else 0
        # One rule a rate and family, and one a family where anything outside the network is needed.
        assert 0 <= _rules(state) - _rules(bare[name]) - 2 * len(rates) - counted <= 2


def _rules(state: HostState) -> int:
    return sum(len(chain.rules) for rules in of_kind(state, Rules) for chain in rules.table.chains)


def test_one_service_more_costs_the_same_beside_ten_and_beside_a_thousand() -> None:
    costs = [_cost_of_one_more(number) for number in (10, 1000)]
    assert costs[0][0] == costs[1][0], "changes"
    assert costs[0][2] == costs[1][2], "rules"
    assert costs[1][1] <= 1.02 * costs[0][1], "bytes of script: only longer addresses may tell"


def _cost_of_one_more(number: int) -> tuple[dict[str, int], int, list[int]]:
    before, after = lower(many_services(number)), lower(many_services(number + 1))
    plan = diff(after, before)
    text = "".join(script([step for change in plan.hosts[name] for step in change.steps]) for name in plan.hosts)
    return {name: len(plan.hosts[name]) for name in plan.hosts}, len(text), [_rules(each) for each in after.values()]
