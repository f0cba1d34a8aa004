"""The control plane: from a file to a plan, for 100, 1,000 and 10,000 services.

In: generated files. Out: seconds by stage, growth, peak memory; the same through the commands. Never touches a host.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from math import log
from pathlib import Path
from statistics import median
from typing import Any

from bench.commands import PYTHON, WARREN, folder, timed, wall
from bench.generate import generate
from bench.result import Figure, Goal, Result, Row

ORDER = 10
SIZES = (100, 1_000, 10_000)
SECONDS = {1_000: 1.0, 10_000: 10.0}
MOST_MEMORY = 1024.0
# Twice the work may take a little more than twice the time before it is called worse than linear: caches are finite.
MOST_GROWTH = 1.1
STAGES = ("understand", "lower", "diff")
Measured = Mapping[str, Any]


def run(quick: bool) -> Result:
    """Every size in its own interpreter, then the commands."""
    sizes = SIZES[:2] if quick else SIZES
    with folder() as place:
        files = {size: _file(place, size) for size in sizes}
        found = {size: _stages(files[size], size, quick) for size in sizes}
        rows = [row for size in sizes for row in _rows(size, found[size])]
        rows += list(growth(found))
        rows += [row for size in sizes for row in _commands(files[size], size, quick)]
    return Result("control", tuple(rows), notes=tuple(_note(size, found[size]) for size in sizes))


def _note(size: int, measured: Measured) -> str:
    return f"{size:,} services: {measured['changes']:,} changes; import {measured['seconds']['import']:.2f} s besides"


def _file(place: Path, size: int) -> Path:
    path = place / str(size) / "warren.yaml"
    path.parent.mkdir()
    path.write_text(generate(size))
    return path


def _rounds(size: int, quick: bool) -> int:
    return 1 if quick or size > 1_000 else 5


def _stages(path: Path, size: int, quick: bool) -> Measured:
    """The round of the middle, by its sum, so that its parts add up."""
    rounds = [json.loads(timed([PYTHON, "-m", "bench.stages", str(path)])[1]) for _ in range(_rounds(size, quick))]
    rounds.sort(key=total)
    chosen: Measured = rounds[len(rounds) // 2]
    return chosen


def total(measured: Measured) -> float:
    """File to plan, without imports."""
    return sum(float(measured["seconds"][stage]) for stage in STAGES)


def _rows(size: int, measured: Measured) -> Iterator[Row]:
    what = f"{size:,} services"
    for stage in STAGES:
        yield Row(f"{what}: {stage}", Figure(measured["seconds"][stage], "s"))
    goal = Goal("under", SECONDS[size], "s", "warren") if size in SECONDS else None
    yield Row(f"{what}: file to plan", Figure(total(measured), "s"), goal=goal)
    yield Row(
        f"{what}: peak memory", Figure(measured["peak_mib"], "MiB"), goal=Goal("under", MOST_MEMORY, "MiB", "warren")
    )


def growth(found: Mapping[int, Measured]) -> Iterator[Row]:
    """The exponent of growth between neighbouring sizes; 1 is linear."""
    sizes = sorted(found)
    for small, large in zip(sizes, sizes[1:], strict=False):
        exponent = log(total(found[large]) / total(found[small])) / log(large / small)
        goal = Goal("at most", MOST_GROWTH, of="warren")
        yield Row(f"growth exponent, {small:,} to {large:,}", Figure(exponent), goal=goal)


def _commands(path: Path, size: int, quick: bool) -> Iterator[Row]:
    for words in ("check",), ("show", "desired"):
        argv = [*WARREN, *words, "-f", str(path)]
        times = [wall(argv) for _ in range(_rounds(size, quick))]
        yield Row(f"{size:,} services: warren {' '.join(words)}", Figure(median(times), "s"))
