"""The ledger beside the file: written when addresses have been given out.

In: what was understood of a file. Out: the lock file, whole or as it was. Never written by a command that only looks.
"""

from __future__ import annotations

import click

from warren import source
from warren.basis.diagnostic import Refused, error
from warren.pipeline import Understood

HINT = "addresses that were given are remembered there: copy the file to a folder where you may write"


def keep(understood: Understood) -> None:
    """Writes what was allocated now, where it differs from what was recorded."""
    if understood.ledger == understood.recorded:
        return
    path = source.lock_path(understood.path)
    try:
        with click.open_file(str(path), "w", encoding="utf-8", atomic=True) as file:
            file.write(understood.ledger.text())
    except OSError as found:
        sentence = f"{path} cannot be written: {str(found.strerror).lower()}"
        raise Refused([error("unwritable", sentence, None, HINT)]) from None
