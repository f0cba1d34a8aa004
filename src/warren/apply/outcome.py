"""What an apply came to, on all hosts together.

In: made by the ways of applying. Out: printed by views, read by whoever applied. Never a command.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Progress = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Failure:
    """Where and why it stopped; `left` names what could not be put back, `restored` is true when nothing is left."""

    host: str
    reason: str
    left: tuple[str, ...] = ()

    @property
    def restored(self) -> bool:
        """Whether every host holds again what it held before."""
        return not self.left


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened: the number of changes made, and the failure that undid them.

    `window` is set where the change stands and waits for its confirmation: the seconds that are left for it.
    """

    done: int
    failure: Failure | None = None
    window: int | None = None

    @property
    def succeeded(self) -> bool:
        """Whether every change was made."""
        return self.failure is None


class StepFailed(Exception):
    """A script ended early on a host, or the host went away while it ran."""

    def __init__(self, host: str, reason: str) -> None:
        self.host, self.reason = host, reason
        super().__init__(f"{host}: {reason}")
