"""`warren lab fault`: break the lab, and mend it.

In: a fault's name and its place. Out: the faults that are in force. Never touches a host's own rules.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from warren.cli import completing
from warren.cli.arguments import command as declare
from warren.cli.arguments import name_option
from warren.cli.tree import FAULTS, HelpfulGroup

Break = Callable[..., None]

command = HelpfulGroup(
    "fault",
    help="Cut a link, lose packets, change a home's address, end a tunnel; the lab shows what the network makes of it.",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _act(act: str, path: Path, as_json: bool, name: str | None, *words: object) -> int:
    """Do it, and print what is in force now."""
    from warren.cli.laboratory import chosen
    from warren.cli.views import json
    from warren.lab import faults

    lab = chosen(name, path)
    if act:
        getattr(faults, act)(lab, *words)
    listed = faults.listed(lab)
    if as_json:
        click.echo(json.text({"lab": lab.name, "faults": list(listed)}))
    elif listed or act != "kill_tunnel":
        click.echo("\n".join(listed) or "No faults.")
    return 0


@declare("cut", FAULTS["cut"])
@click.argument("host", shell_complete=completing.hosts)
@name_option
def _cut(path: Path, as_json: bool, name: str | None, host: str) -> int:
    """Lose everything that HOST sends out of its home or provider, and everything that comes to it."""
    return _act("cut", path, as_json, name, host)


@declare("heal", FAULTS["heal"])
@click.argument("host", required=False, shell_complete=completing.hosts)
@name_option
def _heal(path: Path, as_json: bool, name: str | None, host: str | None) -> int:
    """End the losses of HOST, or all of them. A home that has moved stays where it is."""
    return _act("heal", path, as_json, name, host)


@declare("loss", FAULTS["loss"])
@click.argument("percent", type=click.IntRange(0, 100))
@click.argument("host", required=False, shell_complete=completing.hosts)
@name_option
def _loss(path: Path, as_json: bool, name: str | None, percent: int, host: str | None) -> int:
    """Lose PERCENT of the packets of HOST, or of all that crosses the Internet."""
    return _act("lose", path, as_json, name, percent, host)


@declare("readdress", FAULTS["readdress"])
@click.argument("host", shell_complete=completing.hosts)
@name_option
def _readdress(path: Path, as_json: bool, name: str | None, host: str) -> int:
    """Give the home of HOST new public addresses, as a provider does over night."""
    return _act("readdress", path, as_json, name, host)


@declare("kill", FAULTS["kill"])
@click.argument("what", type=click.Choice(["tunnel"]))
@click.argument("host", shell_complete=completing.hosts)
@click.argument("gateway", required=False, shell_complete=completing.hosts)
@name_option
def _kill(path: Path, as_json: bool, name: str | None, what: str, host: str, gateway: str | None) -> int:
    """End the tunnel of HOST to GATEWAY, or its only one, without its knowing why."""
    code = _act("kill_tunnel", path, as_json, name, host, gateway)
    if not as_json:
        click.echo(f"The tunnel of {host} is gone; `warren lab apply` builds it again.", err=True)
    return code


@declare("list", FAULTS["list"])
@name_option
def _list(path: Path, as_json: bool, name: str | None) -> int:
    """Print the faults that are in force."""
    return _act("", path, as_json, name)


for each in (_cut, _heal, _loss, _readdress, _kill, _list):
    command.add_command(each)
