"""`warren shell`: a shell where a service runs.

In: a service. Out: an interactive shell there. Never leaves anything behind when it ends.
"""

from __future__ import annotations

from pathlib import Path

import click

from warren.cli import completing
from warren.cli.arguments import command as declare
from warren.cli.arguments import lab_option


@declare("shell", "Open a shell where a service runs.")
@click.argument("service", shell_complete=completing.doors)
@click.option("-c", "--container", metavar="NAME", help="Inside this container of the service.")
@lab_option
def command(path: Path, as_json: bool, lab: str | None, service: str, container: str | None) -> int:
    """Open a shell as the user of a service, with its view of the network; its exit code is ours.

    A host may stand in place of a service; the shell is root's then.
    """
    from warren.cli import entry
    from warren.cli.inside import SHELL

    if as_json:
        raise click.UsageError("a shell speaks no JSON; use `warren exec --json SERVICE -- COMMAND`")
    door = entry.door(path, lab, service, container)
    click.echo(f"this is {door.words}; `exit` leads back", err=True)
    return door.attach(["sh", "-c", SHELL])
