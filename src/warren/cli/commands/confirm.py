"""`warren confirm`: a change that waits stays.

In: a file and hosts. Out: whether every host keeps it. Never by an old connection: that one opens is the proof.
"""

from __future__ import annotations

from pathlib import Path

import click

from warren.cli.arguments import command as declare
from warren.cli.arguments import file_argument, lab_option


@declare("confirm", "Keep a change that `apply --confirm manual` has made.")
@file_argument
@lab_option
def command(path: Path, as_json: bool, lab: str | None) -> int:
    """Tell every host that the change stays; ends its way back.

    Exits with 1 where nothing waits, or where a host has gone back already: then all of them do.
    """
    from warren import pipeline
    from warren.apply import generations
    from warren.basis.diagnostic import Refused, error
    from warren.cli import showing
    from warren.cli.ground import ground
    from warren.cli.views import json, outcome

    hosts = ground(pipeline.understand(path).topology, lab).hosts
    waits = generations.waiting(hosts)
    if waits is None:
        hint = "`warren log` says what became of the last change"
        raise Refused([error("nothing-waits", "no change waits for its confirmation on these hosts", None, hint)])
    kept = generations.keep(hosts, waits)
    if as_json:
        click.echo(json.text({"hosts": list(waits.names), **outcome.document(kept)}))
        return 0 if kept.succeeded else 1
    return showing.show_confirmed(waits.names, kept)
