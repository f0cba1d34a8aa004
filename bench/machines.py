"""What nothing costs on real systems: an apply without changes, beside Ansible and pyinfra doing the same over ssh.

In: root, and two booted machines of a lab. Out: seconds of each command, in interleaved rounds. Leaves no lab behind.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from statistics import median

from bench import rivals
from bench.commands import ROOT, WARREN, Failed, folder, wall
from bench.generate import generate
from bench.result import Figure, Goal, Result, Row, versus
from warren.lab import allowed
from warren.lab.lab import Lab, find
from warren.lab.machines import rack
from warren.lab.machines.image import image

ORDER = 75
NAME = f"bench-machines-{os.getpid()}"
SERVICES = 20
NOOP_GOAL = Goal("under", 2.0, "s", "warren")
RIVAL_GOAL = Goal("at most", 1.0)
CHANGE_GOAL = Goal("under", 5.0, "s", "warren")
BARE_GOAL = Goal("under", 60.0, "s", "warren")
WORLDS = ROOT / "examples" / "nine-worlds" / "warren.yaml"


def run(quick: bool) -> Result:
    """The rounds; what cannot be had is said."""
    if reason := allowed.why_not() or rack.why_not():
        return Result("machines", (), (f"no machine can be booted: {reason}",))
    image()
    skipped: list[str] = []
    with folder() as place:
        path = place / "warren.yaml"
        path.write_text(worlds())
        try:
            rows = [*_noop(path, place, 3 if quick else 7, skipped), *_change(path, 2 if quick else 5)]
        finally:
            _down()
        rows += _bare(skipped)
    return Result("machines", tuple(rows), tuple(skipped))


def _noop(path: Path, place: Path, rounds: int, skipped: list[str]) -> Iterator[Row]:
    up = wall([*WARREN, "lab", "up", "--machines", str(path), "--name", NAME])
    what = f"{SERVICES} services on two booted machines"
    yield Row(f"{what}, from nothing: warren lab up --machines", Figure(up, "s"))
    lab = find(NAME)
    assert lab
    ways: dict[str, Callable[[], float]] = {"warren": lambda: wall(apply(path))}
    ways |= _rivals(lab, place, skipped)
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            times[name].append(way())
    ours = times.pop("warren")
    yield Row(f"{what}: warren apply, no change", Figure(median(ours), "s"), goal=NOOP_GOAL)
    for name, theirs in times.items():
        yield versus(f"{what}, over ssh: no change", name, ours, theirs, "s", RIVAL_GOAL)


def worlds() -> str:
    """Two hosts that let in who connects often: others than warren may need many connections."""
    text = generate(SERVICES, hosts=2)
    open_to_many = text.replace(
        "ssh: root@203.0.113.1,", "ssh: root@203.0.113.1, firewall: {ssh: {limit: 100/second}},"
    )
    assert open_to_many != text
    return open_to_many


def apply(path: Path) -> list[str]:
    """The command of an operator who does not want to be asked."""
    return [*WARREN, "apply", "-f", str(path), "--lab", NAME, "--yes"]


def _rivals(lab: Lab, place: Path, skipped: list[str]) -> Mapping[str, Callable[[], float]]:
    """Every rival that can be had, with its first run, which makes everything, already behind it."""
    found: dict[str, Callable[[], float]] = {}
    try:
        tools = rivals.tools()
    except Failed as missing:
        skipped.append(f"Ansible and pyinfra cannot be installed here: {missing}")
        return found
    makers = {"ansible-core": rivals.ansible, "pyinfra": rivals.pyinfra}
    for name, make in makers.items():
        try:
            (place / name).mkdir()
            argv = make(tools, place / name, lab.path(""), SERVICES // 2)
            wall(argv, timeout=900)
        except (Failed, subprocess.TimeoutExpired) as broken:
            skipped.append(f"{name} did not come through: {broken}")
        else:
            found[name] = lambda argv=argv: wall(argv, timeout=900)  # type: ignore[misc]
    return found


def _change(path: Path, rounds: int) -> Iterator[Row]:
    """One variable of one service, there and back."""
    text = path.read_text()
    changed = text.replace("    ports: {web: 8080", "    environment: {ROUND: x}\n    ports: {web: 8080", 1)
    assert changed != text
    times = []
    for number in range(rounds):
        path.write_text(changed if number % 2 == 0 else text)
        times.append(wall(apply(path)))
    yield Row("one service of them changed: warren apply", Figure(median(times), "s"), goal=CHANGE_GOAL)


def _bare(skipped: list[str]) -> Iterator[Row]:
    """The example of the README, on machines that have their packages and nothing else."""
    try:
        took = wall([*WARREN, "lab", "up", "--machines", str(WORLDS), "--name", NAME])
    except Failed as broken:
        skipped.append(f"nine-worlds from bare machines: {broken}")
    else:
        yield Row("nine-worlds from bare machines, booting them included", Figure(took, "s"), goal=BARE_GOAL)
    finally:
        _down()


def _down() -> None:
    if left := find(NAME):
        left.down()
