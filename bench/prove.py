"""The proof of a whole network: at three sizes, after one need more, and beside asking packet by packet.

In: generated files. Out: processor seconds, peak memory, and what the interpreter would need for the same cells. Leaves
nothing behind.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator

from bench.commands import ROOT, folder
from bench.generate import generate
from bench.result import Figure, Goal, Result, Row
from warren.desired.lower import lower
from warren.desired.model import HostState
from warren.prove.anew import prove_again
from warren.prove.compare import compare
from warren.prove.header import TCP, opening
from warren.prove.invariants import findings
from warren.prove.matrix import Proof, prove
from warren.spec.check import check
from warren.spec.load import Document, load
from warren.topology.ledger import Ledger
from warren.topology.model import Topology
from warren.topology.resolve import resolve
from warren.verify.beyond import outside_of
from warren.verify.claims import claims_of

ORDER = 35
# Services, hosts, seconds, MiB.
SIZES = ((100, 2, 2.0, 1024), (1_000, 10, 2.0, 1024), (10_000, 50, 30.0, 1024))
AGAIN = Goal("under", 0.5, "s", "warren")
ASKED = 300


def run(quick: bool) -> Result:
    """Every size in an interpreter of its own, so that memory is its own."""
    rows: list[Row] = []
    for services, hosts, seconds, mebibytes in SIZES[: 2 if quick else 3]:
        found = _measured(services, hosts)
        work = f"prove {services} services on {hosts} hosts"
        rows.append(_row(work, found["prove"], Goal("under", seconds, "s", "warren"), found["packets"]))
        memory = Goal("under", mebibytes, "MiB", "warren")
        rows.append(Row(f"{work}: peak memory", Figure(found["peak_mib"], "MiB"), goal=memory))
        rows.append(Row(f"{work}: compared with what is declared, and the invariants", Figure(found["judged"], "s")))
        rows.append(Row(f"{work}: one need more", Figure(found["again"], "s"), goal=AGAIN))
    return Result("prove", tuple(rows), ())


def _row(work: str, seconds: float, goal: Goal, packets: float) -> Row:
    return Row(work, Figure(seconds, "s"), "packet by packet", Figure(packets, "s"), seconds / packets, goal)


def _measured(services: int, hosts: int) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.prove", str(services), str(hosts)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def topology_of(text: str) -> Topology:
    """A generated file's network."""
    with folder() as place:
        path = place / "warren.yaml"
        path.write_text(text)
        spec = load(Document(str(path), text))
        check(spec)
        return resolve(spec, Ledger())[0]


def states_of(topology: Topology) -> dict[str, HostState]:
    """The desired states; a host's name stands for its key."""
    return lower(topology, {name: name for name in topology.hosts})


def _packets(proof: Proof, topology: Topology) -> Iterator[float]:
    """Seconds for single cells of the matrix: a service asks another at each family's address."""
    services = list(topology.services.values())
    for number in range(ASKED):
        one, other = services[number * 7 % len(services)], services[number * 13 % len(services)]
        packet = opening(4, int(one.addresses.v4), int(other.addresses.v4), TCP, 40001, 80)
        started = time.process_time()
        proof.interpreter.trace(one.name, packet)
        yield time.process_time() - started


def main() -> None:
    """One size: `python -m bench.prove SERVICES HOSTS`."""
    services, hosts = int(sys.argv[1]), int(sys.argv[2])
    text = generate(services, hosts)
    topology = topology_of(text)
    states, outside = states_of(topology), outside_of(topology)
    changed = states_of(topology_of(text.replace("needs: [db-0.sql", "needs: [db-10.sql, db-0.sql", 1)))
    marks = [time.process_time()]
    proof = prove(states, outside)
    marks.append(time.process_time())
    differences = (*compare(proof, claims_of(topology, outside)), *findings(proof, states))
    assert not differences, differences[:3]
    marks.append(time.process_time())
    prove_again(proof, states, changed, outside)
    marks.append(time.process_time())
    each = list(_packets(proof, topology))
    cells = services * services * 2  # one port of every pair, in both families
    print(
        json.dumps(
            {
                "prove": marks[1] - marks[0],
                "judged": marks[2] - marks[1],
                "again": marks[3] - marks[2],
                "packets": sum(each) / len(each) * cells,
                "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }
        )
    )


if __name__ == "__main__":
    main()
