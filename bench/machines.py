"""What nothing costs on real systems: an apply without changes, beside Ansible and pyinfra doing the same over ssh.

In: root, and two booted machines of a lab. Out: seconds of each command, in interleaved rounds. Leaves no lab behind.
"""

from __future__ import annotations

import os
import re
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
from warren.lab.machines import oci, rack
from warren.lab.machines.image import image

ORDER = 75
NAME = f"bench-machines-{os.getpid()}"
SERVICES = 20
NOOP_GOAL = Goal("under", 2.0, "s", "warren")
RIVAL_GOAL = Goal("at most", 1.0)
CHANGE_GOAL = Goal("under", 5.0, "s", "warren")
BARE_GOAL = Goal("under", 60.0, "s", "warren")
IMAGE = "registry.example.org/listening"
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
            rows = [*_noop(path, place, 2 if quick else 3, skipped), *_changes(path, 2 if quick else 4)]
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
    # As for the others, the first run is not counted.
    ways["warren"]()
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


def _changes(path: Path, rounds: int) -> Iterator[Row]:
    """One variable of one service, there and back, and its image, of which the host holds one at a time.

    What the images run listens, as services do: of what does not, less is known, and it is watched for longer.
    """
    lab = find(NAME)
    assert lab
    for version in ("1", "2"):
        lab.store.put(listening(version), IMAGE, version)
    texts = {version: _with(path.read_text(), version) for version in ("1", "2")}
    variable = texts["1"].replace(_image("1"), f"{_image('1')}\n    environment: {{ROUND: x}}")
    path.write_text(texts["1"])
    wall(apply(path))
    what = f"one of {SERVICES} services"
    for words, other in ((f"{what}, a variable of it", variable), (f"{what}, its image", texts["2"])):
        times = []
        for number in range(rounds):
            path.write_text(other if number % 2 == 0 else texts["1"])
            times.append(wall(apply(path)))
        yield Row(f"{words}: warren apply", Figure(median(times), "s"), goal=CHANGE_GOAL)


def listening(version: str) -> oci.Image:
    """An image that listens, at a port that no stand-in of the lab has; other versions are other bytes."""
    layer = oci.layer({"bin/busybox": (image() / "usr/bin/busybox").read_bytes()}, {}, ("tmp",))
    # It ends when it is asked to, as the first process of a container does only where it says so.
    script = "trap 'exit 0' TERM; /bin/busybox httpd -f -p 18080 -h /tmp & wait"
    command = ["/bin/busybox", "sh", "-c", script]
    return oci.image("listening", version, layer, {"Cmd": command, "Labels": {"version": version}})


def _with(text: str, version: str) -> str:
    """The first web page runs that image."""
    changed = re.sub(r"(?m)^    image: registry\.example\.org/web:\d+$", _image(version), text, count=1)
    assert changed != text
    return changed


def _image(version: str) -> str:
    return f"    image: {IMAGE}:{version}"


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
