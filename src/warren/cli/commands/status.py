"""`warren status`: how the hosts are now.

In: a file and hosts. Out: reachability, drift, tunnels, services. Never changes anything.
"""

from __future__ import annotations

from pathlib import Path

import click

from warren.cli.arguments import command as declare
from warren.cli.arguments import file_argument, lab_option


@declare("status", "Print hosts, tunnels, services and drift.")
@file_argument
@lab_option
def command(path: Path, as_json: bool, lab: str | None) -> int:
    """Print whether each host answers, how far it differs from the file, and whether its tunnels are alive.

    Exits with 1 when a host does not answer.
    """
    from warren import pipeline
    from warren.cli.glance import glance
    from warren.cli.ground import ground
    from warren.cli.safety import platform_of
    from warren.cli.views import json, status

    understood = pipeline.understand(path)
    found = ground(understood.topology, lab)
    topology = pipeline.unlock(understood, platform_of(found)).topology
    hosts = glance(topology, found.hosts, platform_of(found))
    click.echo(json.text(status.document(hosts)) if as_json else "\n".join(status.lines(hosts)))
    return 1 if any(host.trouble for host in hosts) else 0
