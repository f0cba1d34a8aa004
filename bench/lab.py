"""The lab: nine-worlds up, verified, down.

In: examples/nine-worlds. Out: seconds of the commands. Leaves no lab behind.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench.commands import ROOT, WARREN, folder, wall
from bench.result import Figure, Goal, Result, Row
from warren.lab import allowed
from warren.lab.lab import find

ORDER = 60
EXAMPLE = ROOT / "examples" / "nine-worlds" / "warren.yaml"
NAME = f"bench-nine-{os.getpid()}"
GOAL = Goal("under", 20, "s", "warren")


def run(quick: bool) -> Result:
    """Up and down alone, then the whole test."""
    if reason := allowed.why_not():
        return Result("lab", (), (f"no lab can be built: {reason}",))
    with folder() as place:
        path = Path(shutil.copy(EXAMPLE, place))
        try:
            return Result("lab", tuple(_rows(path, 1 if quick else 3)))
        finally:
            if left := find(NAME):
                left.down()


def _rows(path: Path, rounds: int) -> Iterator[Row]:
    ups, downs, tests = [], [], []
    for _ in range(rounds):
        ups.append(wall([*WARREN, "lab", "up", str(path), "--name", NAME]))
        downs.append(wall([*WARREN, "lab", "down", "--name", NAME]))
        # Exit code 3 says that a statement is false, which is for `make test` to judge.
        tests.append(wall([*WARREN, "lab", "test", str(path), "--name", NAME], accepted=(0, 3)))
    yield Row("nine-worlds: warren lab up", Figure(median(ups), "s"))
    yield Row("nine-worlds: warren lab down", Figure(median(downs), "s"))
    yield Row("nine-worlds: warren lab test (up, verified, down)", Figure(median(tests), "s"), goal=GOAL)
