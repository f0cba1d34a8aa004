"""`warren schema`: the JSON Schema of the file.

In: nothing. Out: the schema. Never reads a file.
"""

from __future__ import annotations

from pathlib import Path

import click

from warren.cli.arguments import command as declare


@declare("schema", "Print the JSON Schema of the file, for editors.")
def command(path: Path, as_json: bool) -> int:
    """Print the JSON Schema of the file.

    An editor with a YAML language server reads it by the first line of the file that `warren init` writes.
    """
    from warren.spec.schema import schema_text

    click.echo(schema_text(), nl=False)
    return 0
