"""Networks of hosts in memory, planned and applied as real ones are.

In: topologies. Out: hosts, plans and outcomes. Never anything outside this interpreter.
"""

from __future__ import annotations

from collections.abc import Mapping

from warren import pipeline
from warren.apply import Outcome
from warren.hosts.fake import FakeHost
from warren.topology.model import Topology

Hosts = Mapping[str, FakeHost]


def fresh(topology: Topology, *others: Topology) -> dict[str, FakeHost]:
    """A new machine for every host of these topologies."""
    return {name: FakeHost(name) for each in (topology, *others) for name in each.hosts}


def apply(topology: Topology, hosts: Hosts) -> Outcome:
    """What `warren apply` does."""
    return pipeline.apply(pipeline.plan(topology, hosts), hosts)


def applied(topology: Topology, hosts: Hosts) -> Hosts:
    """The same hosts, once the topology stands on them."""
    outcome = apply(topology, hosts)
    assert outcome.succeeded, outcome.failure
    return hosts


def changes(topology: Topology, hosts: Hosts) -> list[str]:
    """What would change, a line each."""
    plan = pipeline.plan(topology, hosts).plan
    return [
        f"{name}: {each.action.value} {each.key}: {each.reason}" for name in plan.hosts for each in plan.hosts[name]
    ]
