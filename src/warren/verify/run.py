"""The whole of verify: declare, try, scan, judge.

In: a topology and the ground on which it runs. Out: a report. Never changes the network that it looks at.
"""

from __future__ import annotations

from collections.abc import Mapping

from warren.probe.ground import Ground
from warren.probe.watch import Watch
from warren.topology.model import Topology
from warren.verify.declared import declared
from warren.verify.edge import edges
from warren.verify.expect import judge, wanted
from warren.verify.flow import Flow
from warren.verify.leaks import Leaks, leaks, sinks
from warren.verify.report import Report
from warren.verify.rounds import attempt
from warren.verify.verdict import gather
from warren.verify.world import World, world


def verify(topology: Topology, ground: Ground, scan: bool = True, leaks: Leaks | None = None) -> Report:
    """Try every declared flow, then every port of every gateway. `leaks` come from a watch that was kept meanwhile."""
    around = ground.surroundings()
    at = world(topology, around)
    matrix = declared(topology, around)
    verdicts = attempt(ground, (*matrix, *_further(at, matrix)))
    held = judge(at, topology.expect, verdicts)
    # the matrix comes first: the scan must not use up limits that it needs
    scanned = edges(at, ground, verdicts) if scan else None
    return Report(gather(verdicts[: len(matrix)]), held, scanned, leaks)


def watch(topology: Topology, ground: Ground) -> Watch:
    """Begin to watch the uplinks; may begin before anything of the topology is built."""
    return Watch(ground, sinks(topology))


def unwatch(topology: Topology, watching: Watch) -> Leaks:
    """End a watch and judge what it saw."""
    return leaks(topology, watching.stop())


def _further(at: World, matrix: tuple[Flow, ...]) -> tuple[Flow, ...]:
    """What `expect` speaks of and the matrix lacks."""
    known = {(f.key, f.address) for f in matrix}
    found: Mapping[object, Flow] = {(f.key, f.address): f for f in wanted(at, at.topology.expect)}
    return tuple(f for key, f in found.items() if key not in known)
