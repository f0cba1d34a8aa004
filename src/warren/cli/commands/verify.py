"""`warren verify`: is what was declared what is reachable.

In: a file and hosts. Out: a report. Sends packets between places; never changes a host.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from warren.cli.arguments import command as declare
from warren.cli.arguments import file_argument, lab_option

if TYPE_CHECKING:
    from warren.hosts.base import Host
    from warren.topology.model import Topology
    from warren.verify import Report


@declare("verify", "Send real packets and compare with what is declared.")
@file_argument
@lab_option
@click.option(
    "--scan/--no-scan",
    default=None,
    help="Try all 65,536 ports of every gateway, or none; on real hosts those that matter otherwise.",
)
def command(path: Path, as_json: bool, lab: str | None, scan: bool | None) -> int:
    """Send real packets between every pair of places and compare with what is declared.

    In a lab every declared port and one that is not, TCP and UDP, both families; then all ports of every gateway. On
    real hosts the same from each service's network, each host, and this machine as the Internet: connections in which
    nothing is sent, and datagrams that the hosts take away in front of every program; then the ports of gateways that
    matter, or with `--scan` all of them. Exits with 3 when anything that is declared is false.
    """
    from warren import pipeline
    from warren.cli.ground import ground
    from warren.cli.showing import show_report
    from warren.lab.proving import Proving
    from warren.verify import verify

    topology = pipeline.understand(path).topology
    found = ground(topology, lab)
    if not getattr(found, "is_lab", True):
        return show_report(_afield(topology, found.hosts, scan), topology, as_json)
    return show_report(verify(topology, Proving(found.lab, topology), scan is not False), topology, as_json)


def _afield(topology: Topology, hosts: Mapping[str, Host], scan: bool | None) -> Report:
    """The real hosts, and what is left out there."""
    from warren.cli.ground import LOCAL
    from warren.probe.field import Field, ways_out
    from warren.probe.lookout import watching
    from warren.verify.afield import links, places, seen, verify_real
    from warren.verify.askable import untried
    from warren.verify.lans import on_lans

    is_host = any(host.ssh == LOCAL for host in topology.hosts.values())
    gateways = [address for host in topology.gateways for address in host.public]
    ground = Field(hosts, places(topology), seen(topology, () if is_host else ways_out(gateways)))
    with watching(hosts, links(topology)) as eyes:
        ground = on_lans(topology, ground, eyes)
        for sentence in untried(topology, ground.namespaces()):
            click.echo(sentence, err=True)
        return verify_real(topology, ground, eyes, scan)
