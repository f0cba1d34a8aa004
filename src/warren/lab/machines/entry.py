"""How a command enters a machine: all namespaces of its first process, and its control group.

In: the process that plugs a machine in. Out: the machine's first process, and words before a command. Never starts one.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from warren.hosts.base import Unreachable
from warren.lab.machines import groups

# In a group of its own beside those of systemd there, which must not count visitors as its own.
ENTER = 'mkdir -p "$1" && echo $$ >"$1/cgroup.procs" && shift && exec nsenter "$@"'
VISITORS = "visitors"


def first(supervisor: int) -> int | None:
    """The first process of the machine, as seen from outside; None where it is switched off."""
    for nspawn in _children(supervisor):
        for child in _children(nspawn):
            if _numbers(child)[-1:] == ["1"] and groups.payload(child):
                return child
    return None


def words(init: int) -> tuple[str, ...]:
    """The words that lead a command into a machine. Raises `Unreachable` where it has just ended."""
    if (held := groups.payload(init)) is None:
        raise Unreachable("the machine is switched off")
    kinds = ("--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup", "--root")
    group = f"{held}/{VISITORS}"
    return ("sh", "-c", ENTER, "sh", group, "--target", str(init), *kinds, "--")


def has_children(plug: int) -> bool:
    """Whether anything of a machine still runs, be it only what boots it."""
    return bool(_children(plug))


def _children(pid: int) -> list[int]:
    with suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def _numbers(pid: int) -> list[str]:
    """The process id in every namespace that knows it."""
    with suppress(OSError):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        return next(line for line in lines if line.startswith("NSpid:")).split()[1:]
    return []
