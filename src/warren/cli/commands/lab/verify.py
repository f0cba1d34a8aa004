"""`warren lab verify`: verify a running lab.

In: a file and its running lab. Out: a report. Sends packets between places; never changes a host.
"""

from __future__ import annotations

from pathlib import Path

import click

from warren.cli.arguments import command as declare
from warren.cli.arguments import file_argument, name_option


@declare("verify", "Verify a running lab.")
@file_argument
@name_option
@click.option("--scan/--no-scan", default=True, help="Try all 65,536 ports of every gateway, too.")
@click.pass_context
def command(ctx: click.Context, path: Path, as_json: bool, name: str | None, scan: bool) -> object:
    """Compare what a running lab lets through with what the file declares: `warren verify`, with the lab's hosts."""
    from warren.cli.commands.verify import command as verify

    assert verify.callback is not None
    return ctx.invoke(verify.callback, path=path, as_json=as_json, lab=name, scan=scan)
