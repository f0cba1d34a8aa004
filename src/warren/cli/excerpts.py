"""The lines of a file that a diagnostic points at.

In: the name of a file. Out: its lines, or none where it cannot be read. Never complains: the diagnostic itself does.
"""

from __future__ import annotations

from collections.abc import Sequence

import click


def lines_of(file: str) -> Sequence[str]:
    """The lines of a text, without their ends."""
    try:
        with click.open_file(file, "r", encoding="utf-8", errors="replace") as text:
            return str(text.read()).split("\n")
    except (OSError, ValueError):
        return ()
