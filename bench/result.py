"""What a bench found: rows of figures beside those of a named rival, with the goal of each.

In: numbers. Out: frozen rows, and whether a goal is met. Never measures and never prints.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit: `s`, `ms`, `bit/s`, `/s`, `MiB`, `bytes`, or nothing."""

    value: float
    unit: str = ""

    def __str__(self) -> str:
        return f"{_short(self.value, self.unit)}"


@dataclass(frozen=True, slots=True)
class Goal:
    """A bound on the ratio to the rival, or on warren's own figure."""

    relation: Literal["at least", "at most", "under", "above"]
    bound: float
    unit: str = ""
    of: Literal["ratio", "warren"] = "ratio"

    def met(self, value: float) -> bool:
        """Whether a value keeps within the bound."""
        return {
            "at least": value >= self.bound,
            "at most": value <= self.bound,
            "under": value < self.bound,
            "above": value > self.bound,
        }[self.relation]

    def __str__(self) -> str:
        return f"{self.relation} {_short(self.bound, self.unit) if self.unit else f'{self.bound:g}'}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `ratio` is warren's figure over the rival's, the median of the rounds' own ratios."""

    work: str
    warren: Figure
    rival_name: str = ""
    rival: Figure | None = None
    ratio: float | None = None
    goal: Goal | None = None

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None where there is none, or no rival to compare with."""
        if self.goal is None:
            return None
        judged = self.warren.value if self.goal.of == "warren" else self.ratio
        return None if judged is None else self.goal.met(judged)


@dataclass(frozen=True, slots=True)
class Result:
    """What one bench found. `skipped` are sentences: what could not be had, and why; `notes` explain figures."""

    name: str
    rows: tuple[Row, ...]
    skipped: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def versus(
    work: str, name: str, ours: Iterable[float], theirs: Iterable[float], unit: str, goal: Goal | None = None
) -> Row:
    """A row from interleaved rounds: the first of ours was measured beside the first of theirs, and so on."""
    pairs = [(one, other) for one, other in zip(ours, theirs, strict=True) if other]
    if not pairs:
        raise ValueError(f"{work}: no round of {name} gave a figure")
    return Row(
        work=work,
        warren=Figure(median(one for one, _ in pairs), unit),
        rival_name=name,
        rival=Figure(median(other for _, other in pairs), unit),
        ratio=median(one / other for one, other in pairs),
        goal=goal,
    )


def as_json(result: Result) -> dict[str, Any]:
    """A result as plain values."""
    return {
        "bench": result.name,
        "rows": [_row(row) for row in result.rows],
        "skipped": list(result.skipped),
        "notes": list(result.notes),
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "work": row.work,
        "warren": row.warren.value,
        "unit": row.warren.unit,
        "rival": row.rival_name or None,
        "rival_figure": row.rival.value if row.rival else None,
        "ratio": row.ratio,
        "goal": f"{row.goal.of} {row.goal}" if row.goal else None,
        "met": row.met,
    }


def _short(value: float, unit: str) -> str:
    """Three digits that count, with a prefix where the unit takes one."""
    if unit in ("bit/s", "/s"):
        for factor, sign in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
            if value >= factor:
                return (
                    f"{_digits(value / factor)} {sign}{unit}" if unit != "/s" else f"{_digits(value / factor)}{sign}/s"
                )
    if unit == "s" and value < 1:
        return f"{_digits(value * 1000)} ms"
    return f"{_digits(value)} {unit}".rstrip()


def _digits(value: float) -> str:
    if value == int(value) and abs(value) < 1e6 or abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
