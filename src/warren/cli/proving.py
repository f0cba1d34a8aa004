"""The proof of a file, before anything else is done with it.

In: what a file means. Out: what speaks against it, on stderr or as JSON, and the exit code. Never asks a host.
"""

from __future__ import annotations

import sys

import click

from warren import pipeline
from warren.basis.diagnostic import Refused
from warren.cli.refusal import tell
from warren.cli.showing import FALSE

# From here on it takes so long that somebody at a terminal would wonder.
MANY = 200
STATEMENT = "expectation-false"


def prove(understood: pipeline.Understood, as_json: bool) -> int:
    """0 where proved is declared; 3 where only lines of `expect` are false, else 1."""
    count = len(understood.topology.services)
    watched = count >= MANY and sys.stderr.isatty()
    if watched:
        click.echo(f"proving what {count} services can reach …", err=True, nl=False)
    try:
        pipeline.prove(understood.topology)
    except Refused as refused:
        tell((*understood.warnings, *refused.diagnostics), as_json)
        return FALSE if all(each.code == STATEMENT for each in refused.diagnostics) else 1
    finally:
        if watched:
            click.echo("\r\x1b[K", err=True, nl=False)
    return 0
