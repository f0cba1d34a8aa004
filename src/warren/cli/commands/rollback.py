"""`warren rollback`: hosts are led back to what they held before.

In: a file, hosts, perhaps the number of a generation. Out: what was done. Never by a way of its own: a generation is a
desired state, planned and applied as any other.
"""

from __future__ import annotations

from pathlib import Path

import click

from warren.cli import completing, events
from warren.cli.arguments import command as declare
from warren.cli.arguments import lab_option
from warren.cli.safety import safety_options

EQUAL = "The hosts hold what they held then."


@declare("rollback", "Lead hosts back to what they held before.")
@lab_option
@safety_options
@events.option
@click.argument("words", metavar="[HOST]... [N]", nargs=-1, shell_complete=completing.hosts)
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.option("--full", is_flag=True, help="Show every change with its commands.")
def command(
    path: Path,
    as_json: bool,
    lab: str | None,
    confirm: str,
    window: int,
    timings: bool,
    words: tuple[str, ...],
    yes: bool,
    full: bool,
) -> int:
    """Lead all hosts, or those named, back to what they held after generation N; without N, before their last change.

    The plan is shown, asked for and applied as any other, with its own way back. Data and secrets stay as they are.
    """
    from warren import pipeline
    from warren.apply.meter import Meter
    from warren.cli import departure, safety, showing
    from warren.cli.commands.apply import ask
    from warren.cli.ground import ground
    from warren.cli.rounds import chosen

    names, number = safety.split(words)
    topology = pipeline.understand(path).topology
    found, meter = ground(topology, lab), Meter()
    departure.refuse_forgetful(found)
    hosts = chosen(names, topology, meter.counted(found.hosts) if timings else found.hosts)
    planned = pipeline.plan_back(topology, hosts, number, safety.platform_of(found))
    if not as_json:
        showing.show_plan(planned, as_json=False, full=full, equal=EQUAL)
    if not planned.plan.is_empty and not yes:
        ask()
    terms = safety.terms(found, confirm, window, meter, f"rollback {number}" if number is not None else "rollback")
    done = pipeline.apply(planned, hosts, showing.progress, terms)
    if timings:
        click.echo("\n".join(safety.timings(meter)), err=True)
    return showing.show_outcome(done, as_json, EQUAL)
