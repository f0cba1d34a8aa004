"""One thing wrong at a time in the sockets and proxies that answer at 127.0.0.1: the proof finds every one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.mutants import mutants
from tests.networks import example, outside_of, states_of
from warren.desired.carried import with_local_ports
from warren.desired.items.file import File
from warren.desired.items.unit import Unit
from warren.desired.model import HostState
from warren.prove.interpret import Interpreter
from warren.prove.network import network
from warren.prove.relays import relays
from warren.verify.local import misled


def units_of(states: dict[str, HostState]) -> dict[str, HostState]:
    """What answers at 127.0.0.1, without the network around it: that has laws of its own."""
    return {
        name: HostState.of(item for item in state if isinstance(item, File | Unit)) for name, state in states.items()
    }


@pytest.mark.parametrize("name", ["nine-worlds", "shared-host"])
def test_every_wrong_socket_is_found(name: str) -> None:
    topology = example(name)
    states = states_of(topology)
    made = network(states, outside_of(topology))

    def wrong(units: dict[str, HostState]) -> bool:
        return bool(list(misled(topology, Interpreter.of(replace(made, relays=relays(units))), "")))

    right = units_of(with_local_ports(topology, states))
    found = list(mutants(right))
    assert not wrong(right) and len(found) > 15
    assert [mutant for mutant, units in found if not wrong(units)] == []
