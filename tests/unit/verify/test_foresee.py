"""foresee: what a file comes to, proved."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.topologies import two_hosts
from warren.basis.diagnostic import Place
from warren.desired import lower as lowering
from warren.desired.items.rules import Rules
from warren.desired.model import HostState
from warren.topology.model import Topology
from warren.verify import foresee as room
from warren.verify.beyond import outside_of
from warren.verify.foresee import foresee

LINE = Place("warren.yaml", 7, 3)


def placed() -> Topology:
    topology = two_hosts()
    permissions = tuple(replace(each, place=LINE) for each in topology.permissions)
    return replace(topology, permissions=permissions)


def test_what_is_declared_is_proved() -> None:
    found = foresee(two_hosts())
    assert found.against == () and set(found.states) == {"vps", "home"}


def without(state: HostState, name: str) -> HostState:
    """Somebody's compiler forgets a set."""
    (item,) = [each for each in state if isinstance(each, Rules) and each.table.name == "warren"]
    sets = tuple(replace(each, elements=frozenset()) if each.name == name else each for each in item.table.sets)
    return HostState({**state.items, item.key: Rules(replace(item.table, sets=sets))})


def test_a_fault_of_the_compiler_is_refused_with_a_packet_and_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(topology: Topology, keys: dict[str, str]) -> dict[str, HostState]:
        return {name: without(state, "permit4") for name, state in lowering.lower(topology, keys).items()}

    monkeypatch.setattr(room, "lower", wrong)
    found = [each for each in foresee(placed()).against if each.place == LINE]
    assert {each.code for each in found} == {"proved-closed"}
    assert any(each.summary.startswith("from cloud tcp 10.86.1.2:40001 -> 10.86.1.") for each in found)
    assert all(each.hint and "report" in each.hint for each in found)


def test_an_opening_is_refused_at_the_place_where_it_begins() -> None:
    topology = two_hosts()
    fewer = replace(topology, permissions=topology.permissions[1:])
    states = lowering.lower(topology, {name: name for name in topology.hosts})
    found = room.against(fewer, states, outside_of(topology))
    assert [each.code for each in found] == ["proved-open"] * len(found) and found
    assert "from cloud tcp 10.86.1.2:40001 -> 10.86.1.3:5432 gets through" in found[0].summary
