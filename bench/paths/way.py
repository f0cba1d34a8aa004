"""A way that packets can take, and what is measured on it.

In: where the client stands and what it asks for. Out: rates, in interleaved rounds. Never builds anything.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench import quiet
from warren.lab.netns import environment

TRAFFIC = Path(__file__).with_name("traffic.py")
BULK, ASK = 5201, 7000
SECONDS = "0.2"
# Client and server on one core where only the kernel is between them: which cores they meet on would decide more than
# the path. What stands in the way of rivals may run on any.
TOGETHER = ("taskset", "--cpu-list", "0") if shutil.which("taskset") else ()
APART = ("-A", "0,1") if (os.cpu_count() or 1) > 1 else ()


@dataclass(frozen=True, slots=True)
class Way:
    """`entry` are the words that lead a command to the client's place."""

    name: str
    entry: tuple[str, ...]
    address: str
    bulk: int = BULK
    ask: int = ASK


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that can be measured on any way."""

    name: str
    unit: str
    take: Callable[[Way], float]
    # Short slices need more rounds.
    factor: int = 1


class Silent(Exception):
    """A way gave no figure; the sentence says why."""


def speak(entry: Sequence[str], *argv: str, timeout: float = 20) -> str:
    """What a command prints at a place."""
    try:
        done = subprocess.run(
            [*entry, *argv], capture_output=True, text=True, timeout=timeout, check=False, env=environment(),
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Silent(f"{argv[0]} did not finish within {timeout:g} s") from None
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip() or "no reason given").splitlines()
        raise Silent(f"{argv[0]}: {said[-1]}")
    return done.stdout


def _throughput(size: str, way: Way) -> float:
    argv = ("iperf3", "-c", way.address, "-p", str(way.bulk), "-t", "1", "-i", "0.1", "-l", size, "-J", *APART)
    try:
        said = speak(way.entry, *argv)
    except Silent:
        # An iperf3 that is still busy with a broken predecessor says so; it is free a moment later.
        said = speak(way.entry, *argv)
    return steady([each["sum"]["bits_per_second"] for each in json.loads(said)["intervals"]])


def steady(tenths: Sequence[float]) -> float:
    """Throughput by tenths of a second, without the first, which fill buffers: what a quarter of them surpassed."""
    later = sorted(tenths[2:])
    return later[len(later) * 3 // 4]


def _rate(what: str, way: Way) -> float:
    argv = (*TOGETHER, sys.executable, "-IS", str(TRAFFIC), what, way.address, str(way.ask), SECONDS)
    return float(speak(way.entry, *argv))


def measures() -> tuple[Measure, ...]:
    """Everything that can be measured with the programs that are there."""
    rates = (
        Measure("requests on one connection", "/s", partial(_rate, "ask"), 2),
        Measure("new connections", "/s", partial(_rate, "connect"), 2),
    )
    if not shutil.which("iperf3"):
        return rates
    bulk = Measure("TCP bulk, 128K writes", "bit/s", partial(_throughput, "128K"))
    return bulk, Measure("TCP, 1200-byte writes", "bit/s", partial(_throughput, "1200")), *rates


def serving(entry: Sequence[str]) -> None:
    """Have a place answer at both ports."""
    if shutil.which("iperf3"):
        speak(entry, "iperf3", "-s", "-D", "-p", str(BULK))
    # Its daemon keeps the pipes, so it must not have any.
    subprocess.run(
        [*entry, *TOGETHER, sys.executable, "-IS", str(TRAFFIC), "serve", str(ASK)],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True, env=environment(),
    )  # fmt: skip


def rounds(ways: Iterable[Way], measure: Measure, often: Mapping[str, int]) -> dict[str, list[float | None]]:
    """Each way once a round, every other round in the opposite order; None where a way was silent."""
    found: dict[str, list[float | None]] = {way.name: [] for way in ways}
    for number in range(max(often.values()) * measure.factor):
        turn = [way for way in ways if number < often[way.name] * measure.factor]
        for way in turn if number % 2 == 0 else reversed(turn):
            found[way.name].append(_or_none(measure, way))
    return found


def _or_none(measure: Measure, way: Way) -> float | None:
    quiet.wait()
    try:
        return measure.take(way)
    except Silent as silent:
        print(f"path: {way.name}, {measure.name}: {silent}", file=sys.stderr)
        return None
