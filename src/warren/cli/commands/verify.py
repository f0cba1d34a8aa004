"""`warren verify`: is what was declared what is reachable.

In: a file and hosts. Out: a report. Sends packets between places; never changes a host.
"""

from __future__ import annotations

from pathlib import Path

import click

from warren.cli.arguments import command as declare
from warren.cli.arguments import file_argument, lab_option


@declare("verify", "Send real packets and compare with what is declared.")
@file_argument
@lab_option
@click.option("--scan/--no-scan", default=True, help="Try all 65,536 ports of every gateway, too.")
def command(path: Path, as_json: bool, lab: str | None, scan: bool) -> int:
    """Send real packets between every pair of places and compare with what is declared.

    Every declared port and one that is not, TCP and UDP, both families; then all ports of every gateway. Exits with 3
    when anything that is declared is false.
    """
    from warren import pipeline
    from warren.cli.ground import ground
    from warren.cli.showing import show_report
    from warren.lab.proving import Proving
    from warren.verify import verify

    topology = pipeline.understand(path).topology
    found = ground(topology, lab)
    return show_report(verify(topology, Proving(found.lab, topology), scan), topology, as_json)
