"""`warren explain`: why something answers, or does not.

In: a file, two places, and perhaps hosts. Out: every hop with the line of the file, and what is broken first. Never
changes anything that stays.
"""

from __future__ import annotations

from pathlib import Path

import click

from warren.cli import completing
from warren.cli.arguments import command as declare
from warren.cli.arguments import lab_option

PLACES = """A place is a service (`db`, `db.sql`), a host (`home`, `home.mysql`), `internet`, `lan:HOST` (a neighbour
on that LAN) or an address; `:PORT` or `:PORT/udp` behind the second asks for that port."""


@declare("explain", "Say why something answers, or what is broken first.", PLACES)
@click.argument("source", metavar="FROM", shell_complete=completing.ends)
@click.argument("target", metavar="TO[:PORT[/PROTO]]", shell_complete=completing.ends)
@click.option("--static", is_flag=True, help="From the file alone; touch no host.")
@click.option("--rules", is_flag=True, help="Print the rules and routes that decide, too.")
@click.option(
    "--wait",
    type=click.FloatRange(0.1, 30),
    default=1.5,
    metavar="SECONDS",
    show_default=True,
    help="How long an answer may take.",
)
@lab_option
def command(
    path: Path, as_json: bool, source: str, target: str, static: bool, rules: bool, wait: float, lab: str | None
) -> int:
    """Follow a connection through every hop and say what is broken first, and what to do about it.

    For each hop: the rule, route, translation or tunnel that decides, and the line of the file that it comes from; for
    the question and for its answer. Exits with 3 when the connection does not work.
    """
    from warren import pipeline
    from warren.cli import inquiring
    from warren.cli.views import explain as view
    from warren.cli.views import json, terminal
    from warren.explain.question import question

    topology = pipeline.understand(path).topology
    asked = question(topology, source, target)
    found = inquiring.from_file(topology, asked) if static else inquiring.live(topology, asked, lab, wait)
    click.echo(json.text(view.document(found)) if as_json else "\n".join(view.lines(found, terminal.columns(), rules)))
    return 0 if found.verdict.works else 3
