"""How the programs of a lab are started: by this interpreter, with the standard library and this package alone.

In: a program of this room, descriptors or words for it. Out: the command. Never starts anything.
"""

from __future__ import annotations

import sys
from pathlib import Path

# The folder that holds the package; site-packages, whose import takes longer than all else, is left out.
SOURCE = Path(__file__).resolve().parents[2]


def command(program: str, *words: str) -> tuple[str, ...]:
    """The command for `keeper` or `stand_in`, with its words."""
    start = f"import sys; sys.path.append(sys.argv.pop(1)); from warren.lab.{program} import main; main(sys.argv[1:])"
    return (sys.executable, "-I", "-S", "-c", start, str(SOURCE), *words)
