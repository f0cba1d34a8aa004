"""`warren log`: which changes were made on the hosts, and which were put back.

In: a file and hosts. Out: generations, newest first. Never changes anything.
"""

from __future__ import annotations

from pathlib import Path

import click

from warren.cli import completing
from warren.cli.arguments import command as declare
from warren.cli.arguments import lab_option


@declare("log", "Print the changes of the hosts, with when and by whom.")
@lab_option
@click.argument("names", metavar="[HOST]...", nargs=-1, shell_complete=completing.hosts)
@click.option(
    "-n", "most", type=click.IntRange(1), default=10, show_default=True, metavar="N", help="How many of each host."
)
@click.option("-v", "--verbose", is_flag=True, help="List below each change the items that it was made of.")
def command(path: Path, as_json: bool, lab: str | None, names: tuple[str, ...], most: int, verbose: bool) -> int:
    """Print the changes of every host, newest first: generation, time, who, what, and whether it stayed.

    `warren rollback N` leads back to what the hosts held after generation N.
    """
    from warren import pipeline
    from warren.apply import generations
    from warren.cli import departure
    from warren.cli.ground import ground
    from warren.cli.rounds import chosen
    from warren.cli.views import json, log

    topology = pipeline.understand(path).topology
    place = ground(topology, lab)
    departure.refuse_forgetful(place)
    found = generations.history(chosen(names, topology, place.hosts))
    latest = {name: held[-most:] for name, held in found.items()}
    click.echo(json.text(log.document(latest)) if as_json else "\n".join(log.lines(latest, verbose)))
    return 0
