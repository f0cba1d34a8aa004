"""`warren lab up`: build a file's network on this machine.

In: a file. Out: a running lab, applied, with every declared port answering. Never half a lab.
"""

from __future__ import annotations

from pathlib import Path

import click

from warren.cli import events
from warren.cli.arguments import command as declare
from warren.cli.arguments import file_argument, machines_option, name_option


@declare("up", "Build a file's network here and apply it.")
@file_argument
@name_option
@events.option
@machines_option
def command(path: Path, as_json: bool, name: str | None, machines: bool) -> int:
    """Build the network of a file on this machine and apply it.

    Hosts are namespaces joined by a small Internet; each service is a stand-in that answers on every declared port with
    the address that it saw. Needs no root where the kernel allows user namespaces.

    With --machines, hosts are whole Debian systems that are reached by ssh; their image is built once, in a minute.
    """
    from warren import pipeline
    from warren.cli import laboratory, showing
    from warren.cli.refusal import warn

    understood = pipeline.understand(path)
    if not as_json:
        warn(understood.warnings)
    with laboratory.fresh(understood, name, True, machines) as lab:
        done = laboratory.settle(lab, understood.topology, folder=path.parent)
        if not done.succeeded:
            lab.down()
    code = showing.show_outcome(done, as_json, lab=lab.name)
    if not code and not as_json:
        place = next(iter((*understood.topology.services, *understood.topology.hosts)))
        click.echo(f"hint: `warren lab exec {place} -- ip addr` looks around in lab `{lab.name}`", err=True)
    return code
