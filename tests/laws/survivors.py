"""The wrong states that the proof lets pass although some packet fares otherwise in them.

`python -m tests.laws.survivors EVERY FIRST SECONDS` tries every so many of them, from the first named, for so long a
file at most. Out: counts, and the survivors by name.
"""

from __future__ import annotations

import sys
import time

from tests.claims import claims_of
from tests.laws.test_prove_mutants import NAMES, all_mutants, fate, sample
from tests.laws.test_prove_walk import topology_of, world
from tests.networks import outside_of, states_of
from warren.prove.anew import prove_again
from warren.prove.compare import compare
from warren.prove.invariants import findings


def survivors(name: str, step: int, first: int, limit: float) -> tuple[int, int, list[str]]:
    """How many mutants of a file were tried, how many of them change something, and which of those are not found."""
    topology, at = topology_of(name), world(name)
    states, outside, claims = states_of(topology), outside_of(topology), claims_of(topology)
    tried, changed, missed, end = 0, 0, list[str](), time.monotonic() + limit
    for mutant, wrong in all_mutants(name)[first::step]:
        if time.monotonic() > end:
            break
        tried += 1
        proof = prove_again(at.proof, states, wrong, outside)
        if all(fate(proof.interpreter, origin, packet) == came for origin, packet, came in sample(name)):
            continue
        changed += 1
        if not compare(proof, claims) and not findings(proof, wrong):
            missed.append(mutant)
    return tried, changed, missed


def main(step: int, first: int, limit: float) -> None:
    """Both files, one after the other."""
    for name in NAMES:
        tried, changed, missed = survivors(name, step, first, limit)
        print(f"{name}: {tried} of {len(all_mutants(name))} tried, {changed} change something, {len(missed)} survive")
        for mutant in missed:
            print(f"  {mutant}")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
