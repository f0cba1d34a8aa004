"""The wrong states that the proof lets pass although some packet fares otherwise in them.

`python -m tests.laws.survivors EVERY FIRST SECONDS [FILE]` tries every so many of them, from the first named, for so
long a file at most. Out: counts, and the survivors by name; a star is at those in which one of the 500 packets of the
law fares otherwise.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field

from tests.claims import claims_of
from tests.laws.test_prove_mutants import NAMES, all_mutants, fate, sample
from tests.laws.test_prove_walk import sent, topology_of, world
from tests.networks import outside_of, states_of
from warren.prove.anew import prove_again
from warren.prove.compare import compare
from warren.prove.diagrams import NOTHING, Diagram
from warren.prove.interpret import Interpreter
from warren.prove.invariants import findings
from warren.prove.matrix import Proof

Relation = dict[tuple[int, str, str], Diagram]


@dataclass(slots=True)
class Tried:
    """How many were tried; in how many one of the packets fares otherwise, or any at all; which survive."""

    tried: int = 0
    sampled: int = 0
    changed: int = 0
    missed: list[str] = field(default_factory=list)


def relation(proof: Proof) -> Relation:
    """All headers that arrive, and all that are answered, by their end: equal sets are the same number."""
    found: Relation = {}
    for version, end, arrived, answered in sent(proof):
        for word, headers in (("arrives", arrived), ("is answered", answered)):
            key, space = (version, end, word), proof.walks[version].space
            found[key] = space.either(found.get(key, NOTHING), headers)
    return {key: headers for key, headers in found.items() if headers != NOTHING}


def survivors(name: str, step: int, first: int, limit: float) -> Tried:
    """The wrong states of a file."""
    topology, at = topology_of(name), world(name)
    states, outside, claims = states_of(topology), outside_of(topology), claims_of(topology)
    right, found, end = relation(at.proof), Tried(), time.monotonic() + limit
    for mutant, wrong in all_mutants(name)[first::step]:
        if time.monotonic() > end:
            break
        found.tried += 1
        proof = prove_again(at.proof, states, wrong, outside)
        sampled = _is_met(name, proof.interpreter)
        if not sampled and relation(proof) == right:
            continue
        found.sampled += sampled
        found.changed += 1
        if not compare(proof, claims) and not findings(proof, wrong):
            found.missed.append(f"{mutant}{' *' if sampled else ''}")
    return found


def _is_met(name: str, wrong: Interpreter) -> bool:
    """Whether one of the packets of the law fares otherwise."""
    return any(fate(wrong, origin, packet) != came for origin, packet, came in sample(name))


def main(step: int, first: int, limit: float, names: tuple[str, ...] = NAMES) -> None:
    """One file after the other."""
    for name in names:
        found = survivors(name, step, first, limit)
        print(
            f"{name}: {found.tried} of {len(all_mutants(name))} tried; in {found.sampled} one of 500 packets fares "
            f"otherwise, in {found.changed} any packet at all; {len(found.missed)} survive",
            flush=True,
        )
        for mutant in found.missed:
            print(f"  {mutant}")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), tuple(sys.argv[4:]) or NAMES)
