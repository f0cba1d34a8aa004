from __future__ import annotations

from dataclasses import replace

from tests.networks import interpreter, states_of
from tests.relayed import relayed
from warren.desired.carried import with_local_ports
from warren.desired.model import HostState
from warren.prove.carried import Carried, carried


def found(states: dict[str, HostState]) -> dict[str, Carried]:
    return {f"{each.place} {each.version} {each.port}": each for each in carried(interpreter(relayed(), states))}


def test_each_address_leads_to_the_place_that_is_needed() -> None:
    held = found(with_local_ports(relayed(), states_of(relayed())))
    assert {key: each.end for key, each in held.items()} == {
        "cloud 4 3306": ("home", 3307),
        "cloud 6 3306": ("home", 3307),
        "cloud 4 5432": ("db", 5432),
        "cloud 6 5432": ("db", 5432),
    }


def test_the_rules_are_asked_on_the_way() -> None:
    topology = replace(relayed(), permissions=())
    held = found(with_local_ports(topology, states_of(topology)))
    assert held["cloud 4 5432"].end is None
    assert held["cloud 4 5432"].why.endswith("10.86.1.3:5432 from cloud: denied by a rule")
    # A program of the host is asked from the host's side, where no rule stands between.
    assert held["cloud 4 3306"].end == ("home", 3307)
