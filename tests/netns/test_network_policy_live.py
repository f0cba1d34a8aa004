"""The recipes for network policies on real namespaces: one network, changed from each to the next, every cell tried."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.lab.running import running
from tests.laws.test_network_policy import topology_of
from tests.policies.cluster import RECIPES, SENDERS, meant, recipe
from warren import pipeline
from warren.hosts.base import Host
from warren.lab.lab import Lab
from warren.lab.proving import Proving
from warren.verify.declared import declared
from warren.verify.rounds import attempt
from warren.verify.verdict import Verdict

pytestmark = [pytest.mark.netns, pytest.mark.slow]
# The client outside has this address, and asks at the host's public one.
INTERNET = "internet"


def tried(lab: Lab, name: str) -> Iterator[Verdict]:
    """Everybody asks every pod at its own address; whoever is outside asks at the public one."""
    topology = topology_of(name)
    ground = Proving(lab, topology)
    flows = [
        flow
        for flow in declared(topology, ground.surroundings())
        if flow.target in topology.services and (flow.main or flow.source == INTERNET)
    ]
    yield from attempt(ground, flows)


def wrong(lab: Lab, name: str) -> Iterator[str]:
    """Cells where packets do otherwise than the policies say."""
    table = meant(recipe(name))
    found: dict[tuple[str, str], set[bool]] = {}
    for verdict in tried(lab, name):
        flow = verdict.flow
        row = SENDERS[0] if flow.source == INTERNET else flow.source
        found.setdefault((row, f"{flow.target}:{flow.reached}/{flow.protocol}"), set()).add(verdict.open)
    assert len(found) >= 30
    for cell, allowed in table.items():
        if cell[0] in {"web", "api", "db", "mon", "job", SENDERS[0]} and not cell[1][0].isdigit():
            # From outside a port is there or not, whichever family has it.
            seen = found.get(cell, {False})
            if (any(seen) if cell[0] == SENDERS[0] else seen == {True}) != allowed or (not allowed and any(seen)):
                yield f"{name}: {cell[0]} -> {cell[1]}: meant {allowed}, tried {seen}"


def change(hosts: dict[str, Host], name: str) -> None:
    """Make the network that of a recipe."""
    outcome = pipeline.apply(pipeline.plan(topology_of(name), hosts), hosts)
    assert outcome.succeeded, outcome.failure


def test_every_recipe_after_the_other() -> None:
    first = topology_of(RECIPES[0])
    with running(first) as lab:
        hosts: dict[str, Host] = {name: lab.host(name) for name in first.hosts}
        change(hosts, RECIPES[0])
        lab.stand_ins(first)
        for name in RECIPES:
            change(hosts, name)
            assert list(wrong(lab, name)) == []
