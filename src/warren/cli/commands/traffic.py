"""`warren traffic`: what every service sent and received.

In: a file and hosts. Out: bytes and packets by service, direction and path. Never resets a counter.
"""

from __future__ import annotations

from pathlib import Path

import click

from warren.cli.arguments import command as declare
from warren.cli.arguments import file_argument, lab_option


@declare("traffic", "Print what every service sent and received.")
@file_argument
@lab_option
def command(path: Path, as_json: bool, lab: str | None) -> int:
    """Print bytes and packets of every service since its host started, by direction and path.

    \b
    public    to and from the Internet
    tunnel    to and from another host, or the Internet by a gateway
    lan       to and from the LAN of its host
    internal  to and from services of the same host
    """
    from warren import pipeline
    from warren.accounts import TABLE, accounts
    from warren.cli.ground import ground
    from warren.cli.views import json, traffic
    from warren.observe import observe

    topology = pipeline.understand(path).topology
    seen = observe(ground(topology, lab).hosts, {})
    found = accounts(topology, {name: each.raw.get(f"nft {TABLE}", "") for name, each in seen.items()})
    click.echo(json.text(traffic.document(found)) if as_json else "\n".join(traffic.lines(found)))
    return 0
