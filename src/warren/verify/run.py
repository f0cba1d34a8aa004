"""The whole of verify: declare, try, scan, judge.

In: a topology and the ground on which it runs. Out: a report. Never changes the network that it looks at.
"""

from __future__ import annotations

from warren.probe.ground import Ground
from warren.probe.watch import Watch
from warren.topology.model import Topology
from warren.verify.declared import declared
from warren.verify.edge import edges
from warren.verify.expect import judge, wanted
from warren.verify.leaks import Leaks, leaks, sinks
from warren.verify.names import ask_names
from warren.verify.real import told
from warren.verify.report import Report
from warren.verify.rounds import affordable, attempt
from warren.verify.verdict import gather
from warren.verify.visits import visit
from warren.verify.world import world


def verify(topology: Topology, ground: Ground, scan: bool = True, leaks: Leaks | None = None) -> Report:
    """Try every declared flow, then every port of every gateway. `leaks` come from a watch that was kept meanwhile."""
    around = ground.surroundings()
    at = world(topology, around)
    matrix = told(topology, declared(topology, around), around.real)
    expected = {(f.key, f.address): f for f in told(topology, wanted(at, topology.expect), around.real)}
    own = {(f.key, f.address) for f in matrix}
    further = [f for name, f in expected.items() if name not in own]
    verdicts = attempt(ground, affordable((*matrix, *further), expected))
    held = judge(at, topology.expect, verdicts)
    # the matrix comes first: the scan must not use up limits that it needs
    scanned = edges(at, ground, verdicts) if scan else None
    shown = [v for v in verdicts if (v.flow.key, v.flow.address) in own]
    answers, visits = ask_names(topology, ground), visit(topology, ground)
    return Report(gather(shown), held, scanned, leaks, answers, visits)


def watch(topology: Topology, ground: Ground) -> Watch:
    """Begin to watch the uplinks; may begin before anything of the topology is built."""
    return Watch(ground, sinks(topology))


def unwatch(topology: Topology, watching: Watch) -> Leaks:
    """End a watch and judge what it saw."""
    return leaks(topology, watching.stop())
