"""Flows that a test holds in a lab while it changes the network.

In: a lab, places, and where they connect. Out: what became of each flow. Never leaves a program behind.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from warren.lab import netns
from warren.lab.lab import Lab

PROGRAM = Path(__file__).parent / "flow_program.py"
# A silence that a person would not notice, and that a lost packet on a busy machine explains.
UNBROKEN = 0.6


@dataclass(frozen=True, slots=True)
class Held:
    """One flow since the last look: lines that came back, the longest silence, the silence now, and how it ended."""

    answers: int
    gap: float
    silent: float
    error: str | None

    @property
    def unbroken(self) -> bool:
        """Whether it never stopped."""
        return self.error is None and self.answers > 0 and self.gap < UNBROKEN


class Flows:
    """The flows of one place."""

    def __init__(self, running: subprocess.Popen[str]) -> None:
        self._running = running

    def look(self) -> list[Held]:
        """What became of each flow since the last look."""
        assert self._running.stdin and self._running.stdout
        self._running.stdin.write("\n")
        self._running.stdin.flush()
        return [Held(*each) for each in json.loads(self._running.stdout.readline())]


@contextmanager
def serving(lab: Lab, place: str, *ports: str) -> Iterator[None]:
    """Echoes at a place on ports such as `80/tcp`."""
    with _running(lab, place, "serve", *ports):
        yield


@contextmanager
def holding(lab: Lab, place: str, *ends: str) -> Iterator[Flows]:
    """Flows from a place to ends such as `203.0.113.10|80|tcp`."""
    with _running(lab, place, "hold", *ends) as running:
        yield Flows(running)


@contextmanager
def _running(lab: Lab, place: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [*lab.place(place).entry, sys.executable, "-I", "-S", str(PROGRAM), *arguments]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=dict(netns.environment())
    ) as running:
        try:
            assert running.stdout and running.stdout.readline() == "ready\n"
            yield running
        finally:
            # The program ends with its input; killing it from here would only end the nsenter before it.
            assert running.stdin
            running.stdin.close()
            running.wait(10)
