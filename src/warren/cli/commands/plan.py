"""`warren plan`: what would change.

In: a file and hosts. Out: the plan. Never changes anything, not even the ledger.
"""

from __future__ import annotations

from pathlib import Path

import click

from warren.cli.arguments import command as declare
from warren.cli.arguments import file_argument, lab_option

CHANGES = 2


@declare("plan", "Print what would change on every host, and why.")
@file_argument
@lab_option
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 where there are changes.")
@click.option("--full", is_flag=True, help="Print every change with its commands.")
def command(path: Path, as_json: bool, lab: str | None, detailed_exitcode: bool, full: bool) -> int:
    """Print what would change on every host, and why; change nothing.

    First what it means for the network, then the items of each host. Refused where what is proved of the file differs
    from what it declares.
    """
    from warren import pipeline
    from warren.cli.ground import ground
    from warren.cli.proving import prove
    from warren.cli.refusal import warn
    from warren.cli.safety import platform_of
    from warren.cli.showing import show_plan

    understood = pipeline.understand(path)
    if refused := prove(understood, as_json):
        return refused
    found = ground(understood.topology, lab)
    unlocked = pipeline.unlock(understood, platform_of(found))
    planned = pipeline.plan(unlocked.topology, found.hosts, platform_of(found))
    if not as_json:
        warn(understood.warnings)
    show_plan(planned, as_json, full)
    return CHANGES if detailed_exitcode and not planned.plan.is_empty else 0
