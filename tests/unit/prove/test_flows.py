"""flows: what opens and closes between two proofs."""

from __future__ import annotations

from dataclasses import replace

from tests.networks import outside_of, states_of
from tests.topologies import two_hosts
from warren.desired.model import HostState
from warren.prove.flows import Flow, flows
from warren.prove.matrix import Proof, prove
from warren.topology.model import Topology

OLD = two_hosts()
BEFORE = prove(states_of(OLD), outside_of(OLD))


def after(topology: Topology) -> Proof:
    return prove(states_of(topology), outside_of(topology), beside=BEFORE)


def test_nothing_opens_where_nothing_changes() -> None:
    assert flows(BEFORE, after(OLD)) == ((), ())


def test_a_need_that_goes_closes_in_both_families() -> None:
    opened, closed = flows(BEFORE, after(replace(OLD, permissions=OLD.permissions[1:])))
    assert opened == ()
    assert closed == tuple(Flow(version, "cloud", (6, 6), (5432, 5432), "db") for version in (4, 6))


def test_a_door_is_for_anybody_or_for_some() -> None:
    _, closed = flows(BEFORE, after(replace(OLD, exposures=OLD.exposures[1:])))
    assert Flow(4, "internet", (17, 17), (12345, 12345), "game", door="vps") in closed
    _, closed = flows(BEFORE, after(replace(OLD, exposures=(OLD.exposures[0], *OLD.exposures[2:]))))
    (some,) = [each for each in closed if each.source == "internet" and each.version == 4]
    assert [each[1] - each[0] for each in some.sources] == [255]


def test_a_way_out_is_to_the_whole_internet() -> None:
    empty = prove({name: HostState() for name in OLD.hosts}, outside_of(OLD), beside=BEFORE)
    opened, _ = flows(empty, BEFORE)
    assert Flow(4, "game", (0, 255), (0, 65535), exit="vps") in opened


def test_a_door_that_opens_to_anybody_is_not_told_of_places_inside() -> None:
    empty = prove({name: HostState() for name in OLD.hosts}, outside_of(OLD), beside=BEFORE)
    opened, _ = flows(empty, BEFORE)
    assert {each.source for each in opened if each.door and each.place == "blog"} == {"internet"}
    # Not anybody may use this one: who inside may is told.
    assert {each.source for each in opened if each.door and each.ports == (12346, 12346)} > {"internet"}
