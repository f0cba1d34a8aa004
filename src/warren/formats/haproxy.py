"""The configuration of HAProxy, as values and as text (haproxy.org, configuration manual, 2.2).

In: sections of lines of words. Out: one text, every word one word however it looks. Never a word that ends its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# What needs no quotes: without the quotes themselves, `#`, `$`, `\` and blanks.
PLAIN = re.compile(r"[A-Za-z0-9_./:*@%+~=,?&!^|;<>{}()\[\]-]+")
FORBIDDEN = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Section:
    """`kind name` and its lines, each of words; `global` and `defaults` need no name."""

    kind: str
    name: str | None
    lines: tuple[tuple[str, ...], ...]


def line(text: str, *more: str) -> tuple[str, ...]:
    """A line of plain words of HAProxy's own, and of values behind them."""
    return (*text.split(), *more)


def write(sections: Iterable[Section]) -> str:
    """The whole file."""
    return "\n".join("".join(f"{each}\n" for each in _section(one)) for one in sections)


def word(text: str) -> str:
    """A value as one word."""
    if FORBIDDEN.search(text):
        raise ValueError(f"HAProxy cannot be told {text!r}")
    if PLAIN.fullmatch(text):
        return text
    return "'" + text.replace("'", "'\\''") + "'"


def _section(one: Section) -> Iterator[str]:
    yield f"{one.kind} {word(one.name)}" if one.name else one.kind
    yield from (f"    {' '.join(map(word, words))}" for words in one.lines)
