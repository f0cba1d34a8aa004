"""The control groups of machines: each in one of its own, by which it is frozen, killed and entered.

In: names of labs and hosts, process ids. Out: folders of the kernel's control groups. Never touches a group that is
not a lab's.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
PREFIX = "warren-lab."
# So systemd-nspawn calls the machine itself, beside its own group.
PAYLOAD = "payload"
CONTROLLERS = "+cpu +memory +pids +io"


def hierarchies(root: Path = ROOT) -> tuple[Path, ...]:
    """Where machines need a group: the one hierarchy, or beside the first version's the two that systemd uses."""
    if (root / "cgroup.controllers").exists():
        return (root,)
    return tuple(root / name for name in ("unified", "systemd") if (root / name).is_dir())


def of(lab: str, host: str) -> tuple[Path, ...]:
    """The groups of one machine."""
    return tuple(root / f"{PREFIX}{lab}.{host}" for root in hierarchies())


def make(lab: str, host: str) -> tuple[Path, ...]:
    """Have them, with every controller that the machine beneath can give away."""
    for root in hierarchies():
        with suppress(OSError):
            (root / "cgroup.subtree_control").write_text(CONTROLLERS)
    for group in of(lab, host):
        group.mkdir(exist_ok=True)
    return of(lab, host)


def remove(groups: Iterable[Path]) -> None:
    """Remove groups in which nothing runs any more."""
    for group in groups:
        for folder, _, _ in os.walk(group, topdown=False):
            with suppress(OSError):
                os.rmdir(folder)


def left_over(labs: Iterable[str], root: Path = ROOT) -> Iterator[Path]:
    """Groups of labs that do not run."""
    alive = tuple(f"{PREFIX}{lab}." for lab in labs)
    for hierarchy in hierarchies(root):
        yield from (group for group in hierarchy.glob(f"{PREFIX}*") if not group.name.startswith(alive or ("/",)))


def payload(pid: int) -> Path | None:
    """The group that holds the whole machine of a process, in the unified hierarchy; None for what is no machine."""
    with suppress(OSError):
        lines = Path(f"/proc/{pid}/cgroup").read_text().splitlines()
        line = next((line for line in lines if line.startswith("0::")), "")
        parts = Path(line.removeprefix("0::")).parts[1:]
        if PAYLOAD in parts:
            return hierarchies()[0].joinpath(*parts[: parts.index(PAYLOAD) + 1])
    return None
