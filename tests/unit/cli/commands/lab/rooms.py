"""A lab that only notes what is asked of it, for tests of the commands.

In: nothing. Out: a lab, and a fixture's worth of patches. Never starts a process.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.unit.cli.calling import Timed
from warren.hosts.base import Result
from warren.topology.model import Topology


@dataclass
class NotedMachine:
    """Stands for a machine."""

    name: str
    done: list[str]

    def kill(self) -> None:
        self.done.append(f"kill {self.name}")

    def reboot(self) -> None:
        self.done.append(f"reboot {self.name}")


@dataclass
class NotedLab:
    """Stands for a lab; `done` is what was asked of it, in order."""

    name: str = "small"
    hosts: Mapping[str, Timed] = field(default_factory=lambda: {"vps": Timed("vps"), "home": Timed("home")})
    done: list[str] = field(default_factory=list)
    machines: tuple[str, ...] = ()

    def built(self, machines: bool) -> NotedLab:
        self.machines = tuple(self.hosts) if machines else ()
        return self

    def machine(self, name: str) -> NotedMachine:
        return NotedMachine(name, self.done)

    def down(self) -> None:
        self.done.append("down")

    def path(self, name: str) -> Path:
        self.done.append("hold")
        return Path("/dev/null")

    def trust(self) -> None:
        self.done.append("trust")

    def extend(self, topology: Topology) -> None:
        self.done.append("extend")

    def stand_ins(self, topology: Topology) -> None:
        self.done.append("stand in")

    def exec(self, place: str, argv: Sequence[str]) -> int:
        self.done.append(f"{place}: {' '.join(argv)}")
        return 7

    def run(self, place: str, *argv: str) -> Result:
        return Result(7, " ".join(argv).encode(), b"")


@contextmanager
def noted() -> Iterator[NotedLab]:
    """Every command finds this lab, or builds it."""
    lab = NotedLab()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("warren.cli.laboratory.build", lambda topology, name, tied, machines: lab.built(machines))
        patch.setattr("warren.lab.internet.stand", lambda *given: None)
        patch.setattr("warren.cli.laboratory._own_programs", lambda *given: None)
        patch.setattr("warren.cli.laboratory.running", lambda name: lab)
        patch.setattr("warren.cli.ground.running", lambda name: lab)
        patch.setattr("warren.cli.laboratory.hosts_of", lambda lab: lab.hosts)
        patch.setattr("warren.cli.ground.hosts_of", lambda lab: lab.hosts)
        patch.setattr("warren.lab.lab.labs", lambda: (lab,))
        yield lab
