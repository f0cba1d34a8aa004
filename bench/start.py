"""How long `warren --help` takes over a bare interpreter.

In: nothing. Out: both medians and their difference. Never imports warren itself.
"""

from __future__ import annotations

import subprocess
from statistics import median

from bench.commands import PYTHON, WARREN, environment, wall
from bench.result import Figure, Goal, Result, Row

ORDER = 20
ROUNDS = 15
LIMIT_MS = 100.0


def run(quick: bool) -> Result:
    """Interleaved rounds of both, the first of each thrown away."""
    bare, ours = [], []
    for _ in range(1 + (5 if quick else ROUNDS)):
        bare.append(wall([PYTHON, "-c", "pass"]) * 1000)
        ours.append(wall([*WARREN, "--help"]) * 1000)
    over = median(one - other for one, other in zip(ours[1:], bare[1:], strict=True))
    rows = (
        Row("warren --help", Figure(median(ours[1:]), "ms"), "python -c pass", Figure(median(bare[1:]), "ms")),
        Row("warren --help, over a bare interpreter", Figure(over, "ms"), goal=Goal("under", LIMIT_MS, "ms", "warren")),
    )
    return Result("start", rows, notes=slowest_imports() if over > LIMIT_MS else ())


def slowest_imports(number: int = 8) -> tuple[str, ...]:
    """The imports that cost most by themselves."""
    argv = [PYTHON, "-X", "importtime", "-m", "warren", "--help"]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, env=environment())
    return (f"imports by their own time: {', '.join(most_expensive(done.stderr, number))}",)


def most_expensive(report: str, number: int) -> list[str]:
    """From what `-X importtime` prints: names with their own milliseconds, the slowest first."""
    found = []
    for line in report.splitlines():
        own, _, rest = line.removeprefix("import time:").partition("|")
        if line.startswith("import time:") and own.strip().isdigit():
            found.append((int(own), rest.partition("|")[2].strip()))
    return [f"{name} {own / 1000:.1f} ms" for own, name in sorted(found, reverse=True)[:number]]
