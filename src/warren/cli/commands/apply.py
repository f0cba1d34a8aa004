"""`warren apply`: change the hosts.

In: a file and hosts. Out: what was done. Never half of it: what fails anywhere is undone everywhere.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from warren.cli.arguments import command as declare
from warren.cli.arguments import file_argument, lab_option


@declare("apply", "Change the hosts, all of them or none.")
@file_argument
@lab_option
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.option("--full", is_flag=True, help="Show every change with its commands.")
def command(path: Path, as_json: bool, lab: str | None, yes: bool, full: bool) -> int:
    """Show the plan, ask, and change the hosts.

    When a step fails anywhere, every host is put back to what it held before.
    """
    from warren import pipeline
    from warren.apply import Outcome
    from warren.cli import lock, showing
    from warren.cli.ground import ground
    from warren.cli.refusal import warn

    understood = pipeline.understand(path)
    hosts = ground(understood.topology, lab).hosts
    planned = pipeline.plan(understood.topology, hosts)
    if not as_json:
        warn(understood.warnings)
        showing.show_plan(planned, as_json=False, full=full)
    if not planned.plan.is_empty and not yes:
        _ask()
    lock.keep(understood)
    if planned.plan.is_empty:
        return showing.show_outcome(Outcome(0), True) if as_json else 0
    return showing.show_outcome(pipeline.apply(planned, hosts, showing.progress), as_json)


def _ask() -> None:
    """Only at a terminal: a script must say that it means it."""
    if not sys.stdin.isatty():
        raise click.UsageError("there is no terminal to ask at; --yes applies without asking")
    click.confirm("\nApply this?", abort=True, err=True)
