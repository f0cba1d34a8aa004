"""The one narrow interface to a host.

In: a POSIX shell script, perhaps standard input. Out: exit code, stdout, stderr as bytes. Never knows what a script
means.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Result:
    """What came back; `code` is the script's exit status."""

    code: int
    stdout: bytes
    stderr: bytes


class Unreachable(Exception):
    """The host did not answer: no connection, a time limit, or a carrier that ended early.

    The sentence is for the user, and so is the `hint`, where something can be done.
    """

    def __init__(self, sentence: str, hint: str | None = None) -> None:
        self.hint = hint
        super().__init__(sentence)


class Host(Protocol):
    """A place where scripts run as root.

    `run` blocks at most `timeout` seconds and raises `Unreachable` when the host cannot be reached or does not finish.
    """

    @property
    def name(self) -> str: ...

    def run(self, script: str, stdin: bytes = b"", timeout: float = 60.0) -> Result: ...


@runtime_checkable
class Connecting(Protocol):
    """A host that can be connected to before anything is asked of it."""

    def connect(self, timeout: float = 60.0) -> None: ...
