"""`warren doctor`: what would keep the network from working on these hosts, and what mends it.

In: a file and hosts. Out: findings for each host. Never changes a host unless `--fix` says so, and then only what is
safe.
"""

from __future__ import annotations

from pathlib import Path

import click

from warren.cli import completing
from warren.cli.arguments import command as declare
from warren.cli.arguments import lab_option


@declare("doctor", "Say what would keep hosts from working, and mend what is safe.")
@click.argument("names", metavar="[HOST]...", nargs=-1, shell_complete=completing.hosts)
@lab_option
@click.option("--fix", is_flag=True, help="Carry out the repairs that are safe, then look again.")
@click.option("--reach/--no-reach", default=True, help="Send packets to the tunnels' ports, and see whether they come.")
@click.option("-v", "--verbose", is_flag=True, help="Print what is fine, too.")
def command(
    path: Path, as_json: bool, names: tuple[str, ...], lab: str | None, fix: bool, reach: bool, verbose: bool
) -> int:
    """Look at hosts, all of them by default, for what the network needs there and for what would be in its way.

    Kernel, tools and versions, clock, disk, addresses, ports, users, and the rules of other programs; then packets from
    every host to the tunnels that it dials. For each finding the command that mends it; `--fix` runs those that are
    safe: packages, modules, settings, and what other firewalls are told by their own commands. Exits with 1 when an
    error is left.
    """
    from warren import pipeline
    from warren.cli import rounds
    from warren.cli.ground import ground
    from warren.cli.views import doctor as view
    from warren.cli.views import json

    topology = pipeline.understand(path).topology
    hosts = ground(topology, lab, rounds.asked(names, topology)).hosts
    chosen = rounds.chosen(names, topology, hosts)
    mended = rounds.mend(chosen, topology) if fix else ()
    found = rounds.visit(chosen, hosts, topology, reach)
    click.echo(json.text(view.document(found, mended)) if as_json else "\n".join(view.lines(found, mended, verbose)))
    return 1 if any(each.is_ill for each in found) else 0
