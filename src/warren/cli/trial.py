"""The story of `lab test`: watch, apply, break, mend, verify.

In: a lab that is still bare, and a topology. Out: what was done and what was found. Never prints but progress.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from warren.apply import Outcome
from warren.cli import showing
from warren.cli.laboratory import HERE, settle
from warren.lab import faults
from warren.lab.lab import Lab
from warren.lab.proving import Proving
from warren.topology.model import Topology
from warren.verify import Leaks, Report, unwatch, verify, watch


@dataclass(frozen=True, slots=True)
class Trial:
    """`report` is None where the apply failed."""

    outcome: Outcome
    report: Report | None = None


def trial(lab: Lab, topology: Topology, scan: bool = True, folder: Path = HERE) -> Trial:
    """The whole story; the uplinks are watched from before the first apply until the tunnels are back."""
    done, leaks = _watched(lab, topology, folder)
    if not done.succeeded:
        return Trial(done)
    _say("sending packets between all places")
    return Trial(done, verify(topology, Proving(lab, topology), scan, leaks))


def _watched(lab: Lab, topology: Topology, folder: Path) -> tuple[Outcome, Leaks]:
    watching = watch(topology, Proving(lab, topology))
    try:
        done = settle(lab, topology, folder=folder)
        if done.succeeded and topology.tunnels:
            done = _without_tunnels(lab, topology, folder)
    finally:
        leaks = unwatch(topology, watching)
    return done, leaks


def _without_tunnels(lab: Lab, topology: Topology, folder: Path) -> Outcome:
    """Ends every tunnel where it is dialled, under the services' feet, and has the drift repaired."""
    _say("ending every tunnel, to see that nothing leaves another way")
    for tunnel in topology.tunnels:
        faults.kill_tunnel(lab, tunnel.dialer, tunnel.gateway)
    return settle(lab, topology, _made_again, folder)


def _made_again(host: str, _: str) -> None:
    """Only hosts that dial have lost anything."""
    showing.progress(host, "tunnel made again")


def _say(words: str) -> None:
    click.echo(click.style(words, dim=True), err=True)
