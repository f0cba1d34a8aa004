"""Commands timed as a user would run them.

In: argument lists. Out: wall times, peak memory, what they printed. Never interprets an output.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
# As installed, when it is: its start is part of what a user waits for.
INSTALLED = Path(PYTHON).with_name("warren")
WARREN = (str(INSTALLED),) if INSTALLED.exists() else (PYTHON, "-m", "warren")


class Failed(Exception):
    """A command did not do what it was measured for; the sentence is its own last line."""


def wall(argv: Sequence[str], accepted: Sequence[int] = (0,), timeout: float = 300) -> float:
    """Seconds that a command takes from start to end."""
    return timed(argv, accepted, timeout)[0]


def timed(argv: Sequence[str], accepted: Sequence[int] = (0,), timeout: float = 300) -> tuple[float, str]:
    """Seconds and stdout."""
    # To files: a command that starts a daemon would keep a pipe open.
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.perf_counter()
        done = subprocess.run(
            argv, stdin=subprocess.DEVNULL, stdout=out, stderr=err, timeout=timeout, check=False, env=environment()
        )
        took = time.perf_counter() - began
        out.seek(0)
        err.seek(0)
        said = err.read().decode(errors="replace").strip().splitlines()
        if done.returncode not in accepted:
            raise Failed(f"{' '.join(map(str, argv[:4]))}: {said[-1] if said else f'exit code {done.returncode}'}")
        return took, out.read().decode(errors="replace")


def environment() -> Mapping[str, str]:
    """The checkout's own modules, wherever the bench was called from.

    What is installed was compiled when it was; a checkout, and whoever is measured beside it, is by its first run.
    """
    paths = [str(ROOT / "src"), str(ROOT), os.environ.get("PYTHONPATH", "")]
    kept = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    compiled = {"PYTHONPYCACHEPREFIX": os.path.join(kept, "warren", "bytecode")}
    return {**own, **compiled, "PYTHONPATH": os.pathsep.join(filter(None, paths))}


@contextmanager
def folder() -> Iterator[Path]:
    """A folder for files to try, gone at the end."""
    with tempfile.TemporaryDirectory(prefix="warren-bench-") as made:
        yield Path(made)
