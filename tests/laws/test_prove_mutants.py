"""One thing wrong at a time in what the hosts hold: the proof finds every change of what the file speaks about.

What counts as a change is asked of the interpreter, packet by packet. Every run takes some of the mutants;
HYPOTHESIS_PROFILE=deep takes all. Not found, because no connection of the file behaves otherwise: rules about ICMP and
packets that belong to no connection (`related`, `invalid`, segments' sizes), rates, and what a second rule, route,
tunnel end or pin refuses as well.
"""

from __future__ import annotations

import os
import random
from functools import cache

import pytest

from tests.claims import claims_of
from tests.laws.test_prove_walk import World, to_itself, topology_of, world
from tests.mutants import Mutant, mutants
from tests.networks import outside_of, states_of
from warren.prove.claim import Claim, sent
from warren.prove.compare import compare, places
from warren.prove.header import TCP, UDP, Packet, opening
from warren.prove.interpret import Interpreter
from warren.prove.invariants import findings
from warren.prove.matrix import Origin, prove
from warren.prove.packets import values

NAMES = ("two-hosts", "nine-worlds")
PARTS = 3
EACH = 1 if os.environ.get("HYPOTHESIS_PROFILE") == "deep" else 40
Asked = tuple[Origin, Packet, object]


@cache
def all_mutants(name: str) -> tuple[Mutant, ...]:
    return tuple(mutants(states_of(topology_of(name))))


def fate(interpreter: Interpreter, origin: Origin, packet: Packet) -> object:
    """Where a connection arrives and how it looks there, and whether it works; None where its place is gone."""
    node = interpreter.network.nodes.get(origin.node)
    if node is None or (origin.device and origin.device not in node.devices):
        return None
    trace = interpreter.trace(origin.node, packet, origin.device)
    way = trace.forward
    return (way.node, way.device, way.final.ends) if way.passed else None, trace.works


@cache
def sample(name: str) -> tuple[Asked, ...]:
    """Packets that the file speaks about, with their fates: all kinds of them, most of those that arrive."""
    at, chance = world(name), random.Random(7)
    found: list[Asked] = []
    unjudged = [claim for claim in claims_of(topology_of(name)) if claim.open is None]
    while len(found) < 500:
        number = chance.randrange(len(at.proof.origins))
        origin, packet = at.proof.origins[number], drawn(at, chance, number)
        if to_itself(at.proof, origin, packet) or spoken_of(at, number, packet, unjudged):
            continue
        came = fate(at.proof.interpreter, origin, packet)
        if came != (None, False) or chance.random() < 0.2:
            found.append((origin, packet, came))
    return tuple(found)


def drawn(at: World, chance: random.Random, number: int) -> Packet:
    """A packet that somebody honest or a forger may send."""
    origin = at.proof.origins[number]
    node, version = at.proof.network.nodes[origin.node], chance.choice((4, 6))
    own = sorted(n for v, n in node.local if v == version and n not in (0x7F000001, 1))
    anyone = at.addresses[version]
    sources = own if node.is_host and not origin.device else [*own * 3, *anyone]
    protocol, port = chance.choice((TCP, UDP)), chance.choice(at.ports)
    return opening(version, chance.choice(sources), chance.choice(anyone), protocol, 40001, port)


def spoken_of(at: World, number: int, packet: Packet, claims: list[Claim]) -> bool:
    """Whether one of these claims is about the packet."""
    space = at.proof.walks[packet.version].space
    mine = [claim for claim in claims if claim.version == packet.version and number in places(at.proof, claim)]
    return any(space.holds(sent(space, claim, (number,)), values(packet, number)) for claim in mine)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("part", range(PARTS))
def test_every_change_that_matters_is_found(part: int, name: str) -> None:
    topology = topology_of(name)
    outside, claims = outside_of(topology), claims_of(topology)
    changed, missed = 0, []
    for mutant, states in all_mutants(name)[part :: PARTS * EACH]:
        proof = prove(states, outside)
        if all(fate(proof.interpreter, origin, packet) == came for origin, packet, came in sample(name)):
            continue
        changed += 1
        if not compare(proof, claims) and not findings(proof, states):
            missed.append(mutant)
    assert changed
    assert len(missed) <= changed / 100, missed


def test_there_is_a_mutant_of_every_kind() -> None:
    words = " ".join(mutant for name in NAMES for mutant, _ in all_mutants(name))
    for kind in (
        "dropped",
        "wider",
        "after the next",
        "mistyped",
        "negated",
        "lost peer",
        "other table",
        "other action",
    ):
        assert kind in words
    assert all(len(all_mutants(name)) > 2000 for name in NAMES)
