"""`warren check`: everything that is wrong with a file, at once.

In: a file. Out: its diagnostics, and what the file means in one line. Never changes anything.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from warren.cli.arguments import command as declare
from warren.cli.arguments import file_argument

if TYPE_CHECKING:
    from warren.topology.model import Topology


@declare("check", "Say everything that is wrong with a file.")
@file_argument
@click.option(
    "--dns", is_flag=True, help="Ask whether the names of HTTPS lead to their gateways, and may have certificates."
)
def command(path: Path, as_json: bool, dns: bool) -> int:
    """Read a file and say everything that is wrong with it, with the line, the column and a hint.

    Warnings are about what is legal but dangerous; they do not fail the check, and can be acknowledged in the file.
    What the file would make of its hosts is proved as well: every line of `expect`, and that nothing is reachable but
    what is declared. A line of `expect` that does not hold makes the exit code 3, and so does a name that leads
    elsewhere, or whose CAA records forbid its certificate, where `--dns` asks.

    For names of HTTPS it also says what your registrar must be told.
    """
    from warren import pipeline
    from warren.cli.proving import prove
    from warren.cli.refusal import warn
    from warren.cli.showing import FALSE
    from warren.cli.views import json, records, topology
    from warren.cli.views.diagnostics import document
    from warren.topology.caa import advice
    from warren.topology.records import records as wanted

    understood = pipeline.understand(path)
    if refused := prove(understood, as_json):
        return refused
    needed = wanted(understood.topology)
    differing = _differing(understood.topology) if dns else None
    code = FALSE if differing else 0
    if as_json:
        names = records.document(needed, advice(understood.topology), differing)
        numbers = topology.numbers(understood.topology)
        click.echo(json.text({**document(understood.warnings), "summary": numbers, **names}))
        return code
    warn(understood.warnings)
    click.echo(f"{understood.path}: {topology.summary(understood.topology)}")
    if needed:
        click.echo("\n".join(["", *records.lines(needed, advice(understood.topology))]))
    for sentence in differing or ():
        click.echo(f"{click.style('wrong:', fg='red', bold=True)} {sentence}", err=True)
    return code


def _differing(topology: Topology) -> list[str]:
    from warren.probe.registrar import addresses, authorisations, identities
    from warren.topology.caa import authorities, forbidden
    from warren.topology.records import differences

    names = [web.name for web in topology.https]
    known = authorities(topology) or (identities(topology.web.ca) if topology.web.ca and names else ())
    return [*differences(topology, addresses(names)), *forbidden(topology, authorisations(names), known)]
