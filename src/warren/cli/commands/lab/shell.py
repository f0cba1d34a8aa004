"""`warren lab shell`: a shell at a place of the lab.

In: a place. Out: an interactive shell there. Never leaves anything behind when it ends.
"""

from __future__ import annotations

import os
from pathlib import Path

import click

from warren.cli import completing
from warren.cli.arguments import command as declare
from warren.cli.arguments import name_option
from warren.cli.commands.lab.exec import PLACES


@declare("shell", "Open a shell at a place of the lab.", PLACES)
@click.argument("place", shell_complete=completing.places)
@name_option
def command(path: Path, as_json: bool, name: str | None, place: str) -> int:
    """Open a shell at a place of a running lab; its exit code is ours."""
    from warren.cli.laboratory import chosen

    if as_json:
        raise click.UsageError("a shell speaks no JSON; use `warren lab exec --json PLACE -- COMMAND`")
    lab = chosen(name, path)
    click.echo(f"this is {place} of lab `{lab.name}`; `exit` leads back", err=True)
    return lab.exec(place, [os.environ.get("SHELL") or "/bin/sh"])
