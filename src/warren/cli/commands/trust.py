"""`warren trust`: remember the key of a host.

In: hosts and somebody's word. Out: lines in the file of known hosts that warren keeps. Never trusts what nobody has
looked at.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from warren.cli import completing
from warren.cli.arguments import command as declare

if TYPE_CHECKING:
    from warren.hosts.ssh import Target
    from warren.hosts.ssh.trust import Shown


@declare("trust", "Remember the key that a host shows.")
@click.argument("hosts", metavar="[HOST...]", nargs=-1, shell_complete=completing.hosts)
@click.option("--fingerprint", metavar="SHA256:...", help="Remember it if this is its fingerprint; do not ask.")
def command(path: Path, as_json: bool, hosts: tuple[str, ...], fingerprint: str | None) -> int:
    """Show the fingerprint of the key that a host shows, ask whether it is right, and remember it; by default of all.

    Compare it with what the console of the host or its provider says. A host that shows another key later is refused.
    """
    from warren import pipeline
    from warren.cli import ground
    from warren.cli.views import json

    topology = pipeline.understand(path).topology
    if fingerprint and len(hosts) != 1:
        raise click.UsageError("a fingerprint is that of one host: name it")
    found = []
    for name in hosts or ground.by_ssh(topology):
        shown = _trust(name, ground.reached(topology, name), fingerprint)
        found.append({"host": name, "kind": shown.key.kind, "fingerprint": shown.key.fingerprint})
        if not as_json:
            click.echo(f"{name} is known by {shown.key.kind} {shown.key.fingerprint}")
    if as_json:
        click.echo(json.text({"hosts": found}))
    return 0


def _trust(host: str, target: Target, fingerprint: str | None) -> Shown:
    from warren.hosts.ssh import keys, trust

    shown = trust.look(target)
    if not shown.is_known:
        _decide(host, shown, fingerprint)
        assert target.pins
        keys.pin(target.pins, shown.key)
    return shown


def _decide(host: str, shown: Shown, fingerprint: str | None) -> None:
    """Returns where the key is to be remembered."""
    from warren.basis.diagnostic import Refused, error

    if fingerprint == shown.key.fingerprint:
        return
    if fingerprint:
        hint = "this may be another machine: find out why before you go on"
        said = f"{host} shows {shown.key.fingerprint}, which is not that fingerprint"
        raise Refused([error("wrong-fingerprint", said, None, hint)])
    for old in shown.before:
        click.echo(f"until now {host} was known by {old.kind} {old.fingerprint}", err=True)
    click.echo(f"{host} shows {shown.key.kind} {shown.key.fingerprint}", err=True)
    if not sys.stdin.isatty():
        raise click.UsageError("there is no terminal to ask at; --fingerprint SHA256:... says which key is right")
    click.confirm("Is this what its console or its provider says?", abort=True, err=True)
