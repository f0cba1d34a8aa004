"""`warren exec`: a command where a service runs.

In: a service and a command. Out: whatever the command says, and its exit code. Never touches the command's words.
"""

from __future__ import annotations

from pathlib import Path

import click

from warren.cli import completing
from warren.cli.arguments import command as declare
from warren.cli.arguments import lab_option


@declare("exec", "Run a command where a service runs.")
@click.argument("service", shell_complete=completing.doors)
@click.argument("words", metavar="-- COMMAND...", nargs=-1, required=True, type=click.UNPROCESSED)
@click.option("-c", "--container", metavar="NAME", help="Inside this container of the service.")
@lab_option
def command(
    path: Path, as_json: bool, lab: str | None, service: str, words: tuple[str, ...], container: str | None
) -> int:
    """Run a command as the user of a service, with its view of the network; its exit code is ours.

    Without --container it is a command of the host, which sees the addresses, the names and the ports that the
    containers see. What follows `--` belongs to the command, options included. A host may stand in place of a service;
    the command is root's then.

    With --json its output is captured and printed as a document.
    """
    from warren.cli import entry
    from warren.cli.views import json

    door = entry.door(path, lab, service, container)
    if not as_json:
        return door.attach(words)
    done = door.run(words)
    said = {"stdout": done.stdout.decode(errors="replace"), "stderr": done.stderr.decode(errors="replace")}
    click.echo(json.text({"service": service, "container": container, "code": done.code, **said}))
    return done.code
