"""`warren apply`: change the hosts.

In: a file and hosts. Out: what was done. Never half of it: what fails anywhere is undone everywhere.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from warren.cli import events
from warren.cli.arguments import command as declare
from warren.cli.arguments import file_argument, lab_option
from warren.cli.safety import safety_options


@declare("apply", "Change the hosts, all of them or none.")
@file_argument
@lab_option
@safety_options
@events.option
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.option("--full", is_flag=True, help="Show every change with its commands.")
def command(
    path: Path, as_json: bool, lab: str | None, confirm: str, window: int, timings: bool, yes: bool, full: bool
) -> int:
    """Show the plan, ask, and change the hosts.

    Each host gets its way back before anything on it is touched. The change stays once every host answers over a new
    connection and holds what it should; otherwise, and when you are cut off, every host goes back by itself.
    """
    from warren import pipeline
    from warren.apply import Outcome
    from warren.apply.meter import Meter
    from warren.cli import laboratory, lock, safety, showing
    from warren.cli.ground import ground
    from warren.cli.refusal import warn

    understood = pipeline.understand(path)
    found, meter = ground(understood.topology, lab), Meter()
    # Whole machines know by themselves who changes them.
    laboratory.hold(found.inside if getattr(found, "is_plain", False) else None)
    hosts = meter.counted(found.hosts) if timings else found.hosts
    unlocked = pipeline.unlock(understood, safety.platform_of(found))
    planned = safety.planned(unlocked.topology, hosts, safety.platform_of(found))
    # A host that holds what it should is left alone, whatever could be said of the file.
    if not planned.plan.is_empty:
        from warren.cli.proving import prove

        if refused := prove(understood, as_json):
            return refused
    if not as_json:
        warn(understood.warnings)
        showing.show_plan(planned, as_json=False, full=full)
    if not planned.plan.is_empty and not yes:
        ask()
    lock.keep(understood)
    if planned.plan.is_empty:
        code = showing.show_outcome(Outcome(0), True) if as_json or events.asked() else 0
    else:
        terms = safety.terms(found, confirm, window, meter, values=unlocked.values)
        done = pipeline.apply(planned, hosts, showing.progress, terms)
        code = showing.show_outcome(done, as_json)
        if done.succeeded and (lab := getattr(found, "inside", None)):
            laboratory.attend(lab, unlocked.topology)
    if timings:
        click.echo("\n".join(safety.timings(meter)), err=True)
    return code


def ask(question: str = "Apply this?") -> None:
    """Only at a terminal: a script must say that it means it."""
    if not sys.stdin.isatty():
        raise click.UsageError("there is no terminal to ask at; --yes applies without asking")
    click.confirm(f"\n{question}", abort=True, err=True)
