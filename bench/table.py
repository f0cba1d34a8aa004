"""Results as a table for people: work, warren, rival, ratio, goal, met or not.

In: results. Out: text. Never prints.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bench.result import Result, Row

HEADER = ("work", "warren", "rival", "ratio", "goal", "")
VERDICT = {True: "met", False: "NOT MET", None: ""}


def table(results: Sequence[Result]) -> str:
    """All results, aligned as one, with what was skipped and the notes below."""
    lines = [[HEADER, *map(cells, result.rows)] for result in results]
    flat = [line for part in lines for line in part]
    widths = [max((len(line[at]) for line in flat), default=0) for at in range(len(HEADER))]
    return "\n".join(text for part, result in zip(lines, results, strict=True) for text in _part(part, result, widths))


def cells(row: Row) -> tuple[str, ...]:
    """The words of one row."""
    rival = f"{row.rival_name} {row.rival}" if row.rival else row.rival_name
    ratio = f"{row.ratio:.3g}" if row.ratio is not None else ""
    return (row.work, str(row.warren), rival, ratio, str(row.goal) if row.goal else "", VERDICT[row.met])


def _part(lines: Sequence[tuple[str, ...]], result: Result, widths: Sequence[int]) -> Iterator[str]:
    yield f"── {result.name} ──"
    for line in lines if result.rows else ():
        yield "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
    yield from (f"skipped: {sentence}" for sentence in result.skipped)
    yield from (f"note: {sentence}" for sentence in result.notes)
    yield ""


def score(results: Sequence[Result]) -> str:
    """How many goals are met, in one line."""
    verdicts = [row.met for result in results for row in result.rows if row.met is not None]
    skipped = sum(len(result.skipped) for result in results)
    return f"{sum(verdicts)} of {len(verdicts)} goals met, {skipped} skipped"
