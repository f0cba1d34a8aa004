"""A host in memory behind the same interface as a real one.

In: the scripts of `observe` and `apply`. Out: what a machine would answer. It can fail at a step, refuse the connection
or go away in the middle, and counts what it was asked. Never runs a shell: it knows our own scripts and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from warren.hosts.base import Result, Unreachable
from warren.hosts.fake import answers, shell
from warren.hosts.fake.machine import Machine
from warren.hosts.fake.picture import picture
from warren.hosts.fake.words import Refusal


@dataclass(slots=True)
class FakeHost:
    """See `hosts.base.Host`. `steps` counts the commands carried out, `trips` the scripts.

    `fails_at` and `leaves_at` are numbers of commands from now on, the first being 0: that one fails once, or the host
    is gone from there on and `away`.
    """

    name: str
    machine: Machine = field(default_factory=lambda: Machine.fresh(""))
    fails_at: int | None = None
    leaves_at: int | None = None
    away: bool = False
    trips: int = 0
    steps: int = 0
    scripts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.machine.name = self.name

    def run(self, script: str, stdin: bytes = b"", timeout: float = 60.0) -> Result:
        """One script, one round trip. Raises `Unreachable`."""
        if self.away:
            raise Unreachable(f"{self.name} cannot be reached: Connection refused")
        self.trips += 1
        self.scripts.append(script)
        try:
            said = answers.answer(script, self.machine) if script.startswith(answers.FIRST) else self._carry_out(script)
        except Refusal as refused:
            return Result(1, b"", f"{refused}\n".encode())
        return Result(0, said.encode(), b"")

    def picture(self) -> list[str]:
        """All that the host holds, a line each; see `picture`."""
        return picture(self.machine)

    def _carry_out(self, script: str) -> str:
        for command in list(shell.commands(script)):
            self._count()
            self.machine.do(command)
        return ""

    def _count(self) -> None:
        self.steps += 1
        if self.fails_at is not None:
            self.fails_at -= 1
            if self.fails_at < 0:
                self.fails_at = None
                raise Refusal("injected: No space left on device")
        if self.leaves_at is not None:
            self.leaves_at -= 1
            self.away = self.leaves_at < 0
            if self.away:
                raise Unreachable(f"{self.name} did not answer any more")
