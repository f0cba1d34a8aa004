"""The benches: `python -m bench [NAME...] [--json FILE] [--quick]`.

In: names of benches, all by default. Out: a table on stdout, JSON in bench/results/. Never fails for a figure: a goal
that is not met is said, and is for people to judge.

Every module of this folder with a function `run(quick: bool) -> Result` is a bench; being there is all that it takes.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType

from bench import quiet
from bench.result import Result, as_json
from bench.table import score, table

FOLDER = Path(__file__).resolve().parent
RESULTS = FOLDER / "results"
Run = Callable[[bool], Result]


def benches() -> dict[str, Run]:
    """Every bench by name; a module says with `ORDER` where it stands, those that do not come last."""
    names = [path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith("_")]
    modules = {name: import_module(f"bench.{name}") for name in names}
    found = {name: module for name, module in modules.items() if hasattr(module, "run")}
    return {name: found[name].run for name in sorted(found, key=lambda name: (_order(found[name]), name))}


def _order(module: ModuleType) -> int:
    return int(getattr(module, "ORDER", 100))


def measure(name: str, run: Run, quick: bool) -> Result:
    """One bench; one that breaks is told as skipped, so that the others still run."""
    started = time.monotonic()
    try:
        return run(quick)
    except Exception as broken:
        traceback.print_exc()
        words = str(broken).strip().splitlines()
        return Result(name, (), (f"{name}: it broke: {type(broken).__name__}: {words[0] if words else ''}",))
    finally:
        print(f"{name}: {time.monotonic() - started:.0f} s", file=sys.stderr)


def machine() -> dict[str, object]:
    """The size of the machine: what a figure means depends on it."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    load, *_ = os.getloadavg()
    return {
        "cores": os.cpu_count(),
        "memory_gib": round(memory / 2**30),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "load": round(load, 1),
    }


def keep(results: Sequence[Result], before: dict[str, object], quick: bool, path: Path) -> None:
    """Write what was found as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    whole = {"when": when, "quick": quick, "machine": before, "benches": [as_json(each) for each in results]}
    path.write_text(json.dumps(whole, indent=1) + "\n")


def main() -> None:
    """Run the chosen benches, one after the other, and print what they found."""
    known = benches()
    arguments = argparse.ArgumentParser(prog="python -m bench", description="measure warren beside its rivals")
    arguments.add_argument("names", nargs="*", metavar="NAME", help=f"which benches: {', '.join(known)}; default all")
    arguments.add_argument("--json", type=Path, metavar="FILE", help="where the figures go; default bench/results/")
    arguments.add_argument("--quick", action="store_true", help="fewer rounds and smaller sizes, under 90 seconds")
    chosen = arguments.parse_args()
    if unknown := [name for name in chosen.names if name not in known]:
        arguments.error(f"there is no bench {', '.join(unknown)}; there are {', '.join(known)}")
    before = machine()
    quiet.patience.left = 3.0 if chosen.quick else quiet.patience.left
    results = [measure(name, known[name], chosen.quick) for name in chosen.names or known]
    print(table(results))
    print(score(results))
    stem = "-".join(chosen.names) or "all"
    keep(results, before, chosen.quick, chosen.json or RESULTS / f"{stem}{'-quick' if chosen.quick else ''}.json")


if __name__ == "__main__":
    main()
