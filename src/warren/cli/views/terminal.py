"""What the caller's terminal can show.

In: the standard output and its environment. Out: its width, and whether it knows more than ASCII. Never prints.
"""

from __future__ import annotations

import os
import sys

WIDE = 100


def columns() -> int:
    """COLUMNS, or the terminal's width; a file is as wide as a page."""
    if (given := os.environ.get("COLUMNS", "")).isdigit() and int(given):
        return int(given)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or WIDE
    except (OSError, ValueError):
        return WIDE


def ascii_only() -> bool:
    """Whether lines and dots of Unicode would not arrive."""
    try:
        "┏●·".encode(sys.stdout.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return True
    return False
