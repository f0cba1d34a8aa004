"""Words, columns and numbers for people.

In: plain values. Out: lines that fit a terminal and cannot command it. Never colour without `click.style`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap
from unicodedata import combining, east_asian_width

import click

UNITS = ("B", "kB", "MB", "GB", "TB", "PB")


def printable(text: str) -> str:
    """The text without what a terminal would obey; each odd letter becomes one replacement mark."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)


def width(text: str) -> int:
    """How many columns a terminal needs for it."""
    plain = click.unstyle(text)
    if plain.isascii():
        return len(plain)
    return sum(0 if combining(each) else 2 if east_asian_width(each) in "WF" else 1 for each in plain)


def cut(text: str, columns: int) -> str:
    """The text, or its beginning and an ellipsis where it is too wide."""
    return text if len(text) <= columns else f"{text[: columns - 1]}…"


def count(number: int, singular: str, plural: str | None = None) -> str:
    """`1 error`, `2 errors`."""
    return f"{number} {singular if number == 1 else plural or f'{singular}s'}"


def columns(rows: Iterable[Sequence[str]], indent: str = "", right: Iterable[int] = ()) -> Iterator[str]:
    """Rows under each other, two spaces between columns; the numbers in `right` are columns of numbers."""
    held = [tuple(row) for row in rows]
    widths = [max(map(width, each)) for each in zip(*held, strict=True)]
    to_the_right = frozenset(right)
    for row in held:
        padded = [_padded(cell, widths[at], at in to_the_right) for at, cell in enumerate(row)]
        yield f"{indent}{'  '.join(padded)}".rstrip()


def _padded(cell: str, columns: int, right: bool) -> str:
    space = " " * (columns - width(cell))
    return space + cell if right else cell + space


def table(head: Sequence[str], rows: Sequence[Sequence[str]], indent: str = "", right: Iterable[int] = ()) -> list[str]:
    """A head and rows; nothing where there is no row."""
    if not rows:
        return []
    titles = [click.style(each, dim=True) if each else "" for each in head]
    return list(columns([titles, *rows], indent, right))


def fitting(head: Sequence[str], rows: Sequence[Sequence[str]], columns: int) -> list[str]:
    """A table that fits a terminal where its words allow it; cells without room stand below, with their heads."""
    shown = table(head, rows)
    if not shown or max(map(width, shown)) <= columns:
        return shown
    widths = [max(map(width, cells)) for cells in zip(head, *rows, strict=True)]
    room = next(n for n in range(len(widths) - 1, 0, -1) if n == 1 or sum(widths[:n]) + 2 * (n - 1) <= columns)
    beside = table(head[:room], [row[:room] for row in rows])
    below = [
        [line for pair in zip(head[room:], row[room:], strict=True) for line in _below(*pair, columns)] for row in rows
    ]
    return [beside[0], *(line for first, rest in zip(beside[1:], below, strict=True) for line in (first, *rest))]


def _below(head: str, cell: str, columns: int) -> Iterator[str]:
    """One cell in a line of its own; a sentence is broken, a word never."""
    if not cell:
        return
    label = f"{click.style(head, dim=True)}  " if head else ""
    plain = wrap(cell, max(20, columns - 4), break_long_words=False, break_on_hyphens=False)
    lines = plain if cell.isprintable() and not head else [cell]
    yield from (f"    {label}{line}" for line in lines)


def size(number: int) -> str:
    """Bytes in the largest unit that leaves a whole part: `1.5 MB`, powers of 1000."""
    value, unit = float(number), 0
    while value >= 999.5 and unit < len(UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{value:.0f} {UNITS[unit]}" if unit == 0 or value >= 99.95 else f"{value:.1f} {UNITS[unit]}"


def age(seconds: int) -> str:
    """How long ago, in the one unit that matters."""
    for length, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= length:
            return f"{count(seconds // length, unit)} ago"
    return f"{count(max(0, seconds), 'second')} ago"
