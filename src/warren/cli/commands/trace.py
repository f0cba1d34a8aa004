"""`warren trace`: the packets of a live connection, host by host.

In: a file, two places, hosts. Out: a line for each packet and host as it passes. Never stops a packet, and leaves
nothing on a host.
"""

from __future__ import annotations

from pathlib import Path

import click

from warren.cli import completing
from warren.cli.arguments import command as declare
from warren.cli.arguments import lab_option
from warren.cli.commands.explain import PLACES


@declare("trace", "Follow the packets of a live connection through the hosts.", PLACES)
@click.argument("source", metavar="FROM", shell_complete=completing.ends)
@click.argument("target", metavar="TO[:PORT[/PROTO]]", shell_complete=completing.ends)
@click.option(
    "--for",
    "seconds",
    type=click.FloatRange(0.1, 3600),
    default=10.0,
    metavar="SECONDS",
    show_default=True,
    help="How long to watch.",
)
@click.option("--count", type=click.IntRange(1), metavar="N", help="End after so many lines.")
@click.option("--knock", is_flag=True, help="Open a connection from FROM, too, instead of waiting for one.")
@click.option("--rules", is_flag=True, help="Print the rules that decide, too.")
@lab_option
def command(
    path: Path,
    as_json: bool,
    source: str,
    target: str,
    seconds: float,
    count: int | None,
    knock: bool,
    rules: bool,
    lab: str | None,
) -> int:
    """Print each packet of a connection as each host on its way sees it, in the words of `warren explain`.

    A table of its own marks the packets on every host on the way; the kernel takes it away when the process that owns
    it ends, also when that is killed. Ctrl-C ends it.
    """
    from contextlib import closing

    from warren import pipeline
    from warren.cli import inquiring
    from warren.cli.views import json
    from warren.cli.views import trace as view
    from warren.explain.question import question

    topology = pipeline.understand(path).topology
    seen = []
    with closing(inquiring.followed(topology, question(topology, source, target), lab, seconds, knock)) as found:
        for step in found:
            seen.append(step)
            if not as_json:
                click.echo("\n".join(view.lines([step], rules)))
            if count is not None and len(seen) >= count:
                break
    if as_json:
        click.echo(json.text({"from": source, "to": target, "packets": view.document(seen)}))
    elif not seen:
        click.echo(f"No packet came by in {seconds:g} seconds.")
    return 0
