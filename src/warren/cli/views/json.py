"""JSON as every command prints it.

In: plain values. Out: text. Never anything but one document, or one line.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

VERSION = 1


def text(document: Mapping[str, object]) -> str:
    """One document with its version first."""
    return json.dumps({"version": VERSION, **document}, indent=2, ensure_ascii=False)


def line(document: Mapping[str, object]) -> str:
    """The same in one line, for streams of them."""
    return json.dumps({"version": VERSION, **document}, ensure_ascii=False)
