"""Diagnostics for people and for programs.

In: diagnostics, and how to get at the lines of a file. Out: lines of text with the place marked, or a document. Never
leaves one out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import click

from warren.basis.diagnostic import Diagnostic, Place, Severity
from warren.cli.views.text import count, printable, width

Lines = Callable[[str], Sequence[str]]

COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}
WIDEST = 110
BEFORE = 40


def lines(diagnostics: Iterable[Diagnostic], lines_of: Lines) -> list[str]:
    """All of them, errors last where the eye is, then the sum."""
    ordered = sorted(diagnostics, key=lambda each: each.severity is Severity.ERROR)
    texts: dict[str, Sequence[str]] = {}

    def remembered(file: str) -> Sequence[str]:
        if file not in texts:
            texts[file] = lines_of(file)
        return texts[file]

    shown = [line for each in ordered for line in _one(each, remembered)]
    return [*shown, *_sum(ordered)]


def _one(given: Diagnostic, lines_of: Lines) -> Iterator[str]:
    place = f"{printable(str(given.place))}: " if given.place else ""
    kind = click.style(f"{given.severity.value}:", fg=COLOURS[given.severity], bold=True)
    yield f"{place}{kind} {printable(given.summary)}"
    if given.place:
        yield from _excerpt(given.place, lines_of, caret=True)
    for place_too in given.related:
        yield f"  see {printable(str(place_too))}"
        yield from _excerpt(place_too, lines_of, caret=False)
    if given.hint:
        yield f"{click.style('hint:', bold=True)} {printable(given.hint)}"


def _excerpt(place: Place, lines_of: Lines, caret: bool) -> Iterator[str]:
    """The line and a caret below the column; a long line is shown around the column."""
    held = lines_of(place.file)
    if not 0 < place.line <= len(held):
        return
    line, column = printable(held[place.line - 1].rstrip("\r").replace("\t", " ")), max(0, place.column - 1)
    start = max(0, column - BEFORE) if len(line) > WIDEST else 0
    shown = line[start : start + WIDEST]
    dots = "…" if start else ""
    number = f"{place.line:>5}"
    yield f"{number} | {dots}{shown}".rstrip()
    if caret:
        space = " " * (width(dots) + width(shown[: column - start]))
        yield f"{' ' * len(number)} | {space}{click.style('^', bold=True)}"


def _sum(given: Sequence[Diagnostic]) -> Iterator[str]:
    """Only where there is a file to speak of: a single sentence needs no sum."""
    errors = sum(each.severity is Severity.ERROR for each in given)
    warnings = len(given) - errors
    words = [count(errors, "error")] if errors else []
    words += [count(warnings, "warning")] if warnings else []
    if len(given) > 1 or any(each.place for each in given):
        yield ", ".join(words)


def document(diagnostics: Iterable[Diagnostic]) -> dict[str, object]:
    """The same for programs."""
    return {"diagnostics": [entry(each) for each in diagnostics]}


def entry(given: Diagnostic) -> dict[str, object]:
    """One of them."""
    return {
        "severity": given.severity.value,
        "code": given.code,
        **_place(given.place),
        "summary": given.summary,
        "hint": given.hint,
        "related": [_place(each) for each in given.related],
    }


def _place(place: Place | None) -> dict[str, object]:
    if place is None:
        return {"file": None, "line": None, "column": None}
    return {"file": place.file, "line": place.line, "column": place.column}
