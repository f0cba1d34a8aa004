"""`warren lab down`: end labs.

In: a name, or all. Out: nothing is left: no process, namespace, mount or file.
"""

from __future__ import annotations

from pathlib import Path

import click

from warren.cli.arguments import command as declare
from warren.cli.arguments import file_argument, name_option


@declare("down", "End a lab; nothing of it is left.")
@file_argument
@name_option
@click.option("--all", "every", is_flag=True, envvar="WARREN_LAB_DOWN_ALL", help="End all labs of this user.")
def command(path: Path, as_json: bool, name: str | None, every: bool) -> int:
    """End a lab. No process, namespace, mount or file of it is left."""
    from warren.cli.laboratory import chosen
    from warren.cli.views import json
    from warren.lab.lab import labs

    ended = list(labs()) if every else [chosen(name, path)]
    for lab in ended:
        lab.down()
    if as_json:
        click.echo(json.text({"ended": [lab.name for lab in ended]}))
    else:
        click.echo("\n".join(f"lab `{lab.name}` is gone" for lab in ended) or "No lab runs.")
    return 0
