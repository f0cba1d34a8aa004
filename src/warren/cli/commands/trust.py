"""`warren trust`: remember the key of a host.

In: a host and somebody's word. Out: a line in the file of known hosts that warren keeps. Never trusts what nobody has
looked at.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from warren.cli.arguments import command as declare

if TYPE_CHECKING:
    from warren.hosts.ssh.trust import Shown


@declare("trust", "Remember the key that a host shows.")
@click.argument("host")
@click.option("--fingerprint", metavar="SHA256:...", help="Remember it if this is its fingerprint; do not ask.")
def command(path: Path, as_json: bool, host: str, fingerprint: str | None) -> int:
    """Show the fingerprint of the key that a host shows, ask whether it is right, and remember it.

    Compare it with what the console of the host or its provider says. A host that shows another key later is refused.
    """
    from warren import pipeline
    from warren.cli import ground
    from warren.cli.views import json
    from warren.hosts.ssh import keys, trust

    target = ground.reached(pipeline.understand(path).topology, host)
    shown = trust.look(target)
    if not shown.is_known:
        _decide(host, shown, fingerprint)
        assert target.pins
        keys.pin(target.pins, shown.key)
    if as_json:
        click.echo(json.text({"host": host, "kind": shown.key.kind, "fingerprint": shown.key.fingerprint}))
    else:
        click.echo(f"{host} is known by {shown.key.kind} {shown.key.fingerprint}")
    return 0


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
