"""Waiting for a quiet moment: other work on the machine is the largest error of a short measurement.

In: how busy the cores were in the last moment. Out: nothing, sooner or later. Never waits longer than a budget in all.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

MOMENT = 0.03
BUSY = 0.4


@dataclass(slots=True)
class Patience:
    """Seconds that may still be waited in all."""

    left: float = 40.0


patience = Patience()


def wait(most: float = 0.5) -> None:
    """Until others leave most of the machine alone, or patience ends."""
    began = time.monotonic()
    while patience.left > 0 and busy() > BUSY and time.monotonic() - began < most:
        patience.left -= MOMENT


def busy() -> float:
    """The share of all cores that was used in one moment."""
    before = _ticks()
    time.sleep(MOMENT)
    after = _ticks()
    total, idle = sum(after) - sum(before), after[3] + after[4] - before[3] - before[4]
    return 1 - idle / total if total else 0.0


def _ticks() -> list[int]:
    return [int(word) for word in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
