"""`warren leave`: hosts become what they were before the first change.

In: a file and the names of hosts. Out: what was taken away, and whose data stays. Never the data of a service unless
`--purge` says so.
"""

from __future__ import annotations

from pathlib import Path

import click

from warren.cli import completing, events
from warren.cli.arguments import command as declare
from warren.cli.arguments import lab_option

EQUAL = "Nothing of warren is there."


@declare("leave", "Take everything of warren from hosts, and put back what was there.")
@click.argument("names", metavar="HOST...", nargs=-1, required=True, shell_complete=completing.hosts)
@lab_option
@click.option("--purge", is_flag=True, help="Remove the data of services, too: homes, volumes, images.")
@events.option
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.option("--full", is_flag=True, help="Show every change with its commands.")
def command(
    path: Path, as_json: bool, names: tuple[str, ...], lab: str | None, purge: bool, yes: bool, full: bool
) -> int:
    """Take services, users, tunnels, rules and routes of warren from the named hosts.

    Then put back the settings, accounts and folders that were there before the first apply. The plan is shown, asked
    for and applied with a way back, as any other. What services have kept stays under /var/lib/warren/services unless
    `--purge` is given. The file is not changed: take the host out of it, or the next apply brings all back.
    """
    from warren import pipeline
    from warren.apply.meter import Meter
    from warren.apply.terms import WINDOW, Confirm
    from warren.cli import departure, safety, showing
    from warren.cli.commands.apply import ask
    from warren.cli.ground import ground
    from warren.cli.rounds import chosen, known

    topology = pipeline.understand(path).topology
    known(names, topology)
    found = ground(topology, lab, names)
    hosts = chosen(names, topology, found.hosts)
    departure.refuse_namespaces(found)
    planned = pipeline.plan_leave(topology, hosts, safety.platform_of(found))
    if not as_json:
        showing.show_plan(planned, as_json=False, full=full, equal=EQUAL)
    if not yes:
        ask("Leave these hosts?" if not purge else "Leave these hosts, and remove all data of their services?")
    terms = safety.terms(found, Confirm.AUTO.value, WINDOW, Meter(), "leave")
    assert terms is not None
    done, kept = pipeline.leave(planned, hosts, terms, showing.progress, purge)
    code = showing.show_outcome(done, as_json, EQUAL, kept={name: list(each) for name, each in kept.items()})
    if not as_json:
        click.echo("\n".join(departure.lines(kept)), err=True)
    return code
