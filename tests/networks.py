"""What stands around hand-made topologies and examples, for tests of the proof.

In: topologies. Out: states of their hosts and descriptions of their outside. Never reads what is permitted.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from tests.topologies import two_hosts
from warren import pipeline
from warren.desired.lower import lower
from warren.desired.model import HostState
from warren.prove.interpret import Interpreter
from warren.prove.network import network
from warren.topology.model import Topology
from warren.verify.beyond import outside_of as outside_of

ROOT = Path(__file__).resolve().parents[1]


def states_of(topology: Topology) -> dict[str, HostState]:
    """The desired states; a host's name stands for its key."""
    return lower(topology, {name: name for name in topology.hosts})


def interpreter(topology: Topology | None = None, states: Mapping[str, HostState] | None = None) -> Interpreter:
    """An interpreter of a topology's desired states, or of others in its surroundings."""
    given = topology or two_hosts()
    return Interpreter.of(network(states or states_of(given), outside_of(given)))


@cache
def example(name: str) -> Topology:
    """The topology of one of the examples."""
    return pipeline.understand(ROOT / "examples" / name / "warren.yaml").topology
