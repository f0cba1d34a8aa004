"""`warren lab status`: the labs that run.

In: nothing, or a name. Out: each lab's hosts, tunnels and faults. Never changes anything.
"""

from __future__ import annotations

from pathlib import Path

import click

from warren.cli.arguments import command as declare


@declare("status", "Print the labs that run.")
@click.option("--name", envvar="WARREN_LAB", metavar="NAME", help="Only this lab.")
def command(path: Path, as_json: bool, name: str | None) -> int:
    """Print the labs that run: their hosts, their services, the handshakes of their tunnels, their faults."""
    from warren.cli.ground import running
    from warren.cli.survey import survey
    from warren.cli.views import json, labs
    from warren.lab.lab import labs as all_labs

    found = [survey(lab) for lab in ([running(name)] if name else all_labs())]
    click.echo(json.text(labs.document(found)) if as_json else "\n".join(labs.lines(found)))
    return 0
