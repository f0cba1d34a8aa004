"""`warren init`: a file to start from.

In: a path. Out: a file that runs in the lab as it is, and beside it the schema for editors. Never overwrites.
"""

from __future__ import annotations

from pathlib import Path

import click

from warren.cli.arguments import command as declare
from warren.cli.arguments import file_argument


@declare("init", "Write a file to start from.")
@file_argument
def command(path: Path, as_json: bool) -> int:
    """Write a file to start from, and beside it the schema that its first line names for editors.

    What is written runs in the lab as it is. A file that exists is never overwritten.
    """
    from warren.cli.views import json
    from warren.spec.schema import FILE_NAME, schema_text
    from warren.spec.starter import starter

    target = path
    _write(target, starter())
    written = [target]
    if not _stands(beside := target.with_name(FILE_NAME)):
        _write(beside, schema_text())
        written.append(beside)
    if as_json:
        click.echo(json.text({"written": [str(each) for each in written]}))
        return 0
    click.echo(f"wrote {' and '.join(str(each) for each in written)}")
    click.echo(f"hint: `warren lab test {target}` builds this network here and proves it", err=True)
    return 0


def _stands(path: Path) -> bool:
    try:
        click.open_file(str(path)).close()
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return True


def _write(path: Path, text: str) -> None:
    """A new file; one that exists is refused by the system itself, so that nothing comes in between."""
    from warren.basis.diagnostic import Refused, error

    try:
        with click.open_file(str(path), "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        hint = "name another one: `warren init other.yaml`"
        raise Refused([error("exists", f"{path} exists already", None, hint)]) from None
    except OSError as found:
        raise Refused([error("unwritable", f"{path} cannot be written: {str(found.strerror).lower()}")]) from None
