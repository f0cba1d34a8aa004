"""What `explain` says from the file is what `verify` declares, for every flow that both speak of."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings

from tests.networks import example
from tests.strategies import topologies
from warren.explain.flow import flows
from warren.explain.ground import surroundings
from warren.explain.question import question
from warren.explain.static import Declared, Expected
from warren.topology.model import Topology
from warren.verify.declared import declared
from warren.verify.flow import LOCALHOST, Flow


def explained(topology: Topology, most: int) -> Iterator[tuple[Flow, Expected]]:
    """Declared flows, evenly over all, with what is said of the same packet for the same target."""
    around = surroundings(topology)
    asked = Declared.of(topology, around)
    known = [flow for flow in declared(topology, around) if flow.via != LOCALHOST]
    for flow in known[:: max(1, len(known) // most)]:
        address = f"[{flow.address}]" if flow.address.version == 6 else str(flow.address)
        found = question(topology, flow.source, f"{address}:{flow.port}/{flow.protocol.value}")
        for each in flows(topology, around, found):
            meant = each.exposure.service if each.exposure else each.name
            if each.target == flow.address and meant == flow.target:
                yield flow, asked.of_flow(each)


def contradictions(topology: Topology, most: int = 150) -> list[str]:
    """Flows of which the two say different things."""
    return [
        f"declared {'open' if flow.open else 'closed'}: {found.verdict.code}: {found.verdict.sentence}"
        for flow, found in explained(topology, most)
        if flow.open != found.verdict.works
    ]


@pytest.mark.parametrize("name", ["nine-worlds", "game-server"])
def test_examples(name: str) -> None:
    assert contradictions(example(name)) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["two-gateways", "tidy-homelab", "shared-host"])
def test_large_examples(name: str) -> None:
    assert contradictions(example(name), 2000) == []


@settings(max_examples=5)
@given(topologies())
def test_random_networks(topology: Topology) -> None:
    assert contradictions(topology, 50) == []


def test_every_refusal_has_a_sentence_and_a_remedy() -> None:
    for _, found in explained(example("nine-worlds"), 100):
        assert found.verdict.works or (found.verdict.remedy and found.verdict.sentence)
        assert found.hops
