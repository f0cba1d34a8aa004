"""`warren lab test`: build, verify, take down.

In: a file. Out: the picture, the matrix, the client addresses, the verdict. Never leaves a lab behind unless asked to.
"""

from __future__ import annotations

from pathlib import Path

import click

from warren.cli.arguments import command as declare
from warren.cli.arguments import file_argument, machines_option, name_option


@declare("test", "Build, verify, take down.")
@file_argument
@name_option
@machines_option
@click.option("--keep", is_flag=True, help="Leave the lab running.")
@click.option("--scan/--no-scan", default=True, help="Try all 65,536 ports of every gateway, too.")
def command(path: Path, as_json: bool, name: str | None, machines: bool, keep: bool, scan: bool) -> int:
    """Build the network of a file on this machine, try every permission and exposure with real packets, take it down.

    From before the first rule until the tunnels have been torn down and rebuilt, every home's uplink is watched while
    services send: nothing but WireGuard may be seen. Exits with 3 when anything that is declared is false.
    """
    from warren import pipeline
    from warren.cli import laboratory, showing
    from warren.cli.refusal import warn
    from warren.cli.trial import trial

    understood = pipeline.understand(path)
    if not as_json:
        warn(understood.warnings)
    with laboratory.fresh(understood, name, keep, machines) as lab:
        if not as_json:
            showing.show_picture(understood.topology)
        tried = trial(lab, understood.topology, scan, path.parent)
    if tried.report is None:
        return showing.show_outcome(tried.outcome, as_json, lab=lab.name)
    return showing.show_report(tried.report, understood.topology, as_json)
