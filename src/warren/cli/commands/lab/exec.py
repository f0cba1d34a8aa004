"""`warren lab exec`: a command at a place of the lab.

In: a place and a command. Out: whatever the command says, and its exit code. Never touches the command's words.
"""

from __future__ import annotations

from pathlib import Path

import click

from warren.cli import completing
from warren.cli.arguments import command as declare
from warren.cli.arguments import name_option

PLACES = """A place is a host, a service, `internet` or `internet2` (clients outside), `server` (what services reach
outside), `lan:HOST` (a neighbour on that LAN) or `router:SITE`."""


@declare("exec", "Run a command at a place of the lab.", PLACES)
@click.argument("place", shell_complete=completing.places)
@click.argument("words", metavar="-- COMMAND...", nargs=-1, required=True, type=click.UNPROCESSED)
@name_option
def command(path: Path, as_json: bool, name: str | None, place: str, words: tuple[str, ...]) -> int:
    """Run a command at a place of a running lab, on this terminal; its exit code is ours.

    What follows `--` belongs to the command, options included.

    With --json its output is captured and printed as a document.
    """
    from warren.cli.laboratory import chosen
    from warren.cli.views import json

    lab = chosen(name, path)
    if not as_json:
        return lab.exec(place, words)
    done = lab.run(place, *words)
    said = {"stdout": done.stdout.decode(errors="replace"), "stderr": done.stderr.decode(errors="replace")}
    click.echo(json.text({"lab": lab.name, "place": place, "code": done.code, **said}))
    return done.code
