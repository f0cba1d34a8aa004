"""On random networks: what is declared is what is proved, and sets do what packets do."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.claims import claims_of
from tests.laws.test_prove_walk import check, packets, to_itself, world_of
from tests.networks import outside_of, states_of
from tests.strategies import EDGE, VPS, topologies
from tests.topologies import joined, pair, service, through
from warren.prove.compare import compare
from warren.prove.invariants import Invariant, findings
from warren.prove.matrix import prove
from warren.topology.model import Topology


@given(topologies())
def test_what_is_declared_is_what_is_reachable(topology: Topology) -> None:
    states = states_of(topology)
    proof = prove(states, outside_of(topology))
    found = compare(proof, claims_of(topology))
    assert [f"{each} ({each.exit})\n{each.trace(proof)}" for each in found] == []
    # A service of one gateway that leaves by another, and there asks for a door that leads back, hears nothing.
    others = [each for each in findings(proof, states) if each.invariant is not Invariant.ANSWERS_COME_BACK]
    assert [str(each) for each in others] == []


@given(topologies(), st.data())
def test_sets_and_packets_agree(topology: Topology, draw: st.DataObject) -> None:
    at = world_of(states_of(topology), topology)
    for _ in range(20):
        origin, number, packet = draw.draw(packets(at))
        if not to_itself(at.proof, origin, packet):
            check(at, origin, number, packet)


def test_a_service_of_one_gateway_leaves_through_another() -> None:
    game = service("game", "vps", pair(0, 5), through("edge"), web="80/tcp")
    topology = joined((VPS, EDGE), [game], [], [])
    found = compare(prove(states_of(topology), outside_of(topology)), claims_of(topology))
    assert [str(each) for each in found] == []
