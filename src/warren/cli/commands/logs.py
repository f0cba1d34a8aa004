"""`warren logs`: what a service said.

In: a service. Out: lines of its host's journal. Never anything of another service, and nothing that it did not say.
"""

from __future__ import annotations

from pathlib import Path

import click

from warren.cli import completing
from warren.cli.arguments import Face, json_option, lab_option
from warren.cli.completing import DEFAULT_FILE


# As with every other program that prints logs, -f goes on; the file has its long name only.
@click.command("logs", cls=Face, short_help="Print what a service said.")
@click.argument("service", shell_complete=completing.services)
@click.option("-c", "--container", metavar="NAME", help="Only this container of the service.")
@click.option("-f", "--follow", is_flag=True, help="Go on with what it says from now on.")
@click.option(
    "-n",
    "--lines",
    type=click.IntRange(0),
    default=100,
    show_default=True,
    metavar="N",
    help="So many of the last lines.",
)
@click.option("--since", metavar="TIME", help="`10m`, `2h`, or a time as journalctl takes it.")
@click.option(
    "--file",
    "path",
    type=click.Path(path_type=Path),
    default=DEFAULT_FILE,
    envvar="WARREN_FILE",
    show_default=True,
    help="The file of the network.",
)
@json_option
@lab_option
def command(
    path: Path,
    as_json: bool,
    lab: str | None,
    service: str,
    container: str | None,
    follow: bool,
    lines: int,
    since: str | None,
) -> int:
    """Print what the containers of a service said, and what became of them: started, ended, failed."""
    from warren.cli import entry
    from warren.cli.views import journal, json

    if follow and as_json:
        raise click.UsageError("--json prints one document, which --follow would never end")
    door = entry.service_door(path, lab, service, container)
    if door.ground.is_plain:
        click.echo("in a lab of namespaces there are stand-ins in place of containers, and they say nothing", err=True)
        said: list[dict[str, object]] = []
    elif not as_json:
        return door.follow(journal.options(lines, since, follow))
    else:
        said = journal.read(door.journal(journal.options(lines, since, as_json=True)))
    if as_json:
        click.echo(json.text({"service": service, "lines": said}))
    return 0
