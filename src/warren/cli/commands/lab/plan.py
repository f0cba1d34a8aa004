"""`warren lab plan`: what `lab apply` would change.

In: a file and its running lab. Out: the plan. Never changes anything.
"""

from __future__ import annotations

from pathlib import Path

import click

from warren.cli.arguments import command as declare
from warren.cli.arguments import file_argument, name_option


@declare("plan", "Print what `lab apply` would change.")
@file_argument
@name_option
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 where there are changes.")
@click.option("--full", is_flag=True, help="Print every change with its commands.")
@click.pass_context
def command(ctx: click.Context, /, path: Path, name: str | None, **options: bool) -> object:
    """Print what `warren lab apply` would change on the hosts that run: `warren plan`, with the lab's hosts."""
    from warren.cli.commands.plan import command as plan

    assert plan.callback is not None
    return ctx.invoke(plan.callback, path=path, lab=name, **options)
