"""`warren show`: what a stage gives.

In: a file. Out: the spec, the topology, or the desired state of hosts. Changes nothing but the ledger: an address that
has been shown is given.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from warren.cli import completing
from warren.cli.arguments import command as declare

if TYPE_CHECKING:
    from warren.pipeline import Understood


@declare("show", "Print a stage: the spec, the topology, or what a host should hold.")
@click.argument("stage", type=click.Choice(["spec", "topology", "desired"]))
@click.argument("host", required=False, shell_complete=completing.hosts)
def command(path: Path, as_json: bool, stage: str, host: str | None) -> int:
    """Print what a stage gives.

    \b
    spec      the file with its defaults filled in
    topology  hosts, services, addresses, tunnels, permissions, exposures
    desired   what each host, or HOST alone, should hold, as the commands that would build it
    """
    from warren import pipeline
    from warren.cli import lock
    from warren.cli.refusal import warn

    if host and stage != "desired":
        raise click.UsageError(f"`show {stage}` takes no host")
    understood = pipeline.understand(path)
    if not as_json:
        warn(understood.warnings)
    if stage == "desired":
        text = _desired(understood, as_json, host)
    else:
        text = _spec(path, as_json) if stage == "spec" else _topology(understood, as_json)
    if stage != "spec":
        lock.keep(understood)
    click.echo(text, nl=not text.endswith("\n"))
    return 0


def _spec(path: Path, as_json: bool) -> str:
    from warren import pipeline
    from warren.cli.views import json, spec

    written, _ = pipeline.written(path)
    return json.text(dict(spec.document(written))) if as_json else spec.text(written)


def _topology(understood: Understood, as_json: bool) -> str:
    from warren.cli.views import json, topology

    found = understood.topology
    return json.text(topology.document(found)) if as_json else "\n".join(topology.lines(found))


def _desired(understood: Understood, as_json: bool, host: str | None) -> str:
    from warren.cli.refusal import no_host
    from warren.cli.views import desired, json
    from warren.desired.lower import lower

    states = lower(understood.topology)
    if host and host not in states:
        raise no_host(host, states)
    chosen = {host: states[host]} if host else states
    if as_json:
        return json.text({"hosts": {name: desired.document(state) for name, state in chosen.items()}})
    if host:
        return desired.text(states[host])
    return "\n".join(f"# host {name}\n{desired.text(state)}" for name, state in chosen.items())
