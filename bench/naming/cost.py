"""What a program of the lab has used of the processors: other work on the machine disturbs it less than the clock.

In: a lab and a word of the program's command line. Out: microseconds. Never counts a program of another lab.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from warren.lab.lab import Lab

PROCESSES = Path("/proc")


def spent(lab: Lab, word: str) -> float:
    """By all threads of all programs of the lab whose command line has this word, since they began."""
    own = os.readlink(PROCESSES / str(lab.pid) / "ns" / "pid")
    return sum(_nanoseconds(each) for each in _programs(own, word.encode())) / 1000


def _programs(namespace: str, word: bytes) -> Iterator[Path]:
    for folder in PROCESSES.iterdir():
        # It may have ended meanwhile, or be somebody else's.
        with suppress(OSError):
            if folder.name.isdigit() and word in (folder / "cmdline").read_bytes():
                if os.readlink(folder / "ns" / "pid") == namespace:
                    yield folder


def _nanoseconds(folder: Path) -> int:
    with suppress(OSError):
        return sum(int((task / "schedstat").read_text().split()[0]) for task in (folder / "task").iterdir())
    return 0
