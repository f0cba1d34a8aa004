"""What the user is told about the file.

In: a place and a sentence. Out: frozen values that every stage can collect. Never prints, never exits.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum


class Severity(StrEnum):
    """`ERROR` stops the pipeline; `WARNING` is legal but dangerous and can be acknowledged in the file."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a text: `line` and `column` count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One plain sentence about one place, without a full stop; `code` is its stable name.

    `hint` says what to write instead, `related` names other places that the sentence speaks of.
    """

    severity: Severity
    code: str
    summary: str
    place: Place | None = None
    hint: str | None = None
    related: tuple[Place, ...] = ()


class Refused(Exception):
    """A stage cannot go on; carries every diagnostic of the stage, errors and warnings alike."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("; ".join(d.summary for d in self.diagnostics))


def error(code: str, summary: str, place: Place | None = None, hint: str | None = None, *related: Place) -> Diagnostic:
    """A diagnostic that stops the pipeline."""
    return Diagnostic(Severity.ERROR, code, summary, place, hint, related)


def warning(
    code: str, summary: str, place: Place | None = None, hint: str | None = None, *related: Place
) -> Diagnostic:
    """A diagnostic about something legal but dangerous."""
    return Diagnostic(Severity.WARNING, code, summary, place, hint, related)


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """A hint that names the closest known word, or None when nothing is close."""
    close = get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f"did you mean `{close[0]}`?" if close else None
