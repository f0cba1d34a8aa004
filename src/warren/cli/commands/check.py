"""`warren check`: everything that is wrong with a file, at once.

In: a file. Out: its diagnostics, and what the file means in one line. Never changes anything.
"""

from __future__ import annotations

from pathlib import Path

import click

from warren.cli.arguments import command as declare
from warren.cli.arguments import file_argument


@declare("check", "Say everything that is wrong with a file.")
@file_argument
def command(path: Path, as_json: bool) -> int:
    """Read a file and say everything that is wrong with it, with the line, the column and a hint.

    Warnings are about what is legal but dangerous; they do not fail the check, and can be acknowledged in the file.
    What the file would make of its hosts is proved as well: every line of `expect`, and that nothing is reachable but
    what is declared. A line of `expect` that does not hold makes the exit code 3.
    """
    from warren import pipeline
    from warren.cli.proving import prove
    from warren.cli.refusal import warn
    from warren.cli.views import json, topology
    from warren.cli.views.diagnostics import document

    understood = pipeline.understand(path)
    if refused := prove(understood, as_json):
        return refused
    if as_json:
        click.echo(json.text({**document(understood.warnings), "summary": topology.numbers(understood.topology)}))
        return 0
    warn(understood.warnings)
    click.echo(f"{understood.path}: {topology.summary(understood.topology)}")
    return 0
