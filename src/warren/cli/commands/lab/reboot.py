"""`warren lab reboot`: a machine begins again.

In: a host of a lab of machines. Out: the machine is up, its disk as it was. Never touches what its own boot would not.
"""

from __future__ import annotations

from pathlib import Path

import click

from warren.cli import completing
from warren.cli.arguments import command as declare
from warren.cli.arguments import name_option


@declare("reboot", "Reboot a machine of the lab, or switch it on.")
@click.argument("host", shell_complete=completing.hosts)
@click.option("--hard", is_flag=True, help="Cut its power first: nothing in it may finish.")
@name_option
def command(path: Path, as_json: bool, name: str | None, host: str, hard: bool) -> int:
    """Reboot HOST of a running lab of machines, and wait until its system has started.

    What was on its disk stays; its network is as bare as on any machine that boots.
    """
    from warren.cli.laboratory import chosen
    from warren.cli.views import json

    lab = chosen(name, path)
    machine = lab.machine(host)
    if hard:
        machine.kill()
    machine.reboot()
    click.echo(json.text({"lab": lab.name, "host": host}) if as_json else f"{host} of lab `{lab.name}` is up again")
    return 0
