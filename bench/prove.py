"""The proof of a whole network: at three sizes, after one need more, and beside asking packet by packet.

In: generated files. Out: processor seconds, memory, and what the interpreter would need for the same cells. Each family
is proved in a process of its own, as the product does it: what counts is the slower one. Leaves nothing behind.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from bench.commands import ROOT, folder
from bench.generate import generate
from bench.result import Figure, Goal, Result, Row
from warren.desired.lower import lower
from warren.desired.model import HostState
from warren.prove.anew import prove_again
from warren.prove.compare import compare
from warren.prove.flows import flows
from warren.prove.header import TCP, opening
from warren.prove.interpret import Interpreter
from warren.prove.invariants import of_packets
from warren.prove.matrix import walked
from warren.prove.network import network
from warren.prove.outside import Outside
from warren.spec.check import check
from warren.spec.load import Document, load
from warren.topology.ledger import Ledger
from warren.topology.model import Topology
from warren.topology.resolve import resolve
from warren.verify.apart import in_families
from warren.verify.beyond import outside_of
from warren.verify.claims import claims_of

ORDER = 35
# Services, hosts, seconds, MiB.
SIZES = ((100, 2, 2.0, 1024), (1_000, 10, 2.0, 1024), (10_000, 50, 30.0, 1024))
AGAIN = Goal("under", 0.5, "s", "warren")
ASKED = 300


@dataclass(frozen=True, slots=True)
class Given:
    """What is proved."""

    states: Mapping[str, HostState]
    outside: Outside
    topology: Topology
    interpreter: Interpreter


def run(quick: bool) -> Result:
    """Every size in an interpreter of its own, so that memory is its own."""
    rows: list[Row] = []
    notes: list[str] = []
    for services, hosts, seconds, mebibytes in SIZES[: 2 if quick else 3]:
        found = _measured(services, hosts)
        work = f"prove {services} services on {hosts} hosts"
        rows.append(_row(work, found["prove"], Goal("under", seconds, "s", "warren"), found["packets"]))
        rows.append(Row(f"{work}: in one process", Figure(found["alone"], "s")))
        memory = Goal("under", mebibytes, "MiB", "warren")
        rows.append(Row(f"{work}: memory of both processes", Figure(found["mib"], "MiB"), goal=memory))
        rows.append(Row(f"{work}: memory before the proof", Figure(found["before"], "MiB")))
        rows.append(Row(f"{work}: compared with what is declared, and the invariants", Figure(found["judged"], "s")))
        rows.append(Row(f"{work}: one need more", Figure(found["again"], "s"), goal=AGAIN))
        rows.append(Row(f"{work}: what that opens and closes", Figure(found["flows"], "s")))
        if found["differ"]:
            notes.append(f"{work}: proved and declared differ by {found['differ']:.0f}")
    return Result("prove", tuple(rows), (), tuple(notes))


def _row(work: str, seconds: float, goal: Goal, packets: float) -> Row:
    return Row(work, Figure(seconds, "s"), "packet by packet", Figure(packets, "s"), seconds / packets, goal)


def _measured(services: int, hosts: int) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.prove", str(services), str(hosts)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900, check=True)
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


def _packets(interpreter: Interpreter, topology: Topology) -> Iterator[float]:
    """Seconds for single cells of the matrix: a service asks another at each family's address."""
    services = list(topology.services.values())
    for number in range(ASKED):
        one, other = services[number * 7 % len(services)], services[number * 13 % len(services)]
        packet = opening(4, int(one.addresses.v4), int(other.addresses.v4), TCP, 40001, 80)
        started = time.process_time()
        interpreter.trace(one.name, packet)
        yield time.process_time() - started


def _phases(given: Given, version: int) -> dict[str, float]:
    """Processor seconds of one family as `warren check` works it out, and the memory of its process at the end."""
    marks = [time.process_time()]
    proof = walked(given.interpreter, (version,), thrifty=True)
    marks.append(time.process_time())
    differences: tuple[object, ...] = compare(proof, claims_of(given.topology, given.outside, version))
    proof.rest()
    differences += of_packets(proof, given.states)
    marks.append(time.process_time())
    spent = [after - before for before, after in pairwise(marks)]
    return dict(zip(("prove", "judged"), spent, strict=True)) | {"mib": _own_mib(), "differ": len(differences)}


def _difference(given: Given, changed: Mapping[str, HostState], version: int) -> dict[str, float]:
    """Processor seconds for the difference alone, after one need more."""
    proof = walked(given.interpreter, (version,))
    marks = [time.process_time()]
    later = prove_again(proof, given.states, changed, given.outside)
    marks.append(time.process_time())
    opened, closed = flows(proof, later)
    assert len(opened) == 1 and not closed, (opened, closed)
    marks.append(time.process_time())
    spent = [after - before for before, after in pairwise(marks)]
    return dict(zip(("again", "flows"), spent, strict=True))


def _shared(states: Mapping[str, HostState], text: str) -> dict[str, HostState]:
    """States of another file, that hold the very items of these where they are equal."""
    made = states_of(topology_of(text))
    return {name: _same(states[name], state) for name, state in made.items()}


def _same(old: HostState, new: HostState) -> HostState:
    held = {key: old.items.get(key) for key in new.items}
    return HostState({key: was if (was := held[key]) == item and was else item for key, item in new.items.items()})


def _own_mib() -> float:
    """The memory of this process; of what it shares with the other one its part."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def main() -> None:
    """One size: `python -m bench.prove SERVICES HOSTS`."""
    services, hosts = int(sys.argv[1]), int(sys.argv[2])
    text = generate(services, hosts)
    topology = topology_of(text)
    states, outside = states_of(topology), outside_of(topology)
    before = _own_mib()
    started = time.process_time()
    interpreter = Interpreter.of(network(states, outside))
    built = time.process_time() - started
    given = Given(states, outside, topology, interpreter)
    found = in_families(lambda version: _phases(given, version), large=True)
    changed = _shared(states, text.replace("needs: [db-0.sql", "needs: [db-10.sql, db-0.sql", 1))
    later = in_families(lambda version: _difference(given, changed, version), large=True)
    told = {name: max(each[version][name] for version in (4, 6)) for each in (found, later) for name in each[4]}
    asked = list(_packets(interpreter, topology))
    cells = services * services * 2  # one port of every pair, in both families
    told["alone"] = built + sum(each["prove"] for each in found.values())
    told["prove"] += built
    told |= {"mib": sum(each["mib"] for each in found.values()), "before": before}
    told["packets"] = sum(asked) / len(asked) * cells
    print(json.dumps(told))


if __name__ == "__main__":
    main()
