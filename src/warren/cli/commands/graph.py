"""`warren graph`: the network as a picture.

In: a file. Out: text, SVG, Mermaid or DOT. Never changes anything.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import click

from warren.cli.arguments import command as declare
from warren.cli.arguments import file_argument


@declare("graph", "Draw the network.")
@file_argument
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "svg", "mermaid", "dot"]),
    default="text",
    envvar="WARREN_GRAPH_FORMAT",
    show_default=True,
    help="What to draw with.",
)
@click.option(
    "--width",
    type=click.IntRange(40, 1000),
    metavar="N",
    help="Columns of the text picture; the terminal's by default.",
)
def command(path: Path, as_json: bool, form: str, width: int | None) -> int:
    """Draw the Internet, gateways, tunnels, homes, services, permissions and exposures.

    With --json the picture's nodes and lines are the topology itself, as `warren show topology --json` prints it.
    """
    from warren import pipeline
    from warren.cli.refusal import warn
    from warren.cli.views import json, terminal, topology

    understood = pipeline.understand(path)
    if as_json:
        click.echo(json.text(topology.document(understood.topology)))
        return 0
    warn(understood.warnings)
    draw = import_module(f"warren.pictures.{form}").draw
    if form == "text":
        picture = draw(understood.topology, width or terminal.columns(), terminal.ascii_only())
    else:
        picture = draw(understood.topology)
    click.echo(picture, nl=not picture.endswith("\n"))
    return 0
