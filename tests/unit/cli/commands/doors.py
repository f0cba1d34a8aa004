"""A door that leads nowhere, for tests of the commands that open one.

In: nothing. Out: what was asked of it. Never reaches a host.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from warren.hosts.base import Result


@dataclass(slots=True)
class Door:
    """See `cli.entry.Door`; it is its own ground."""

    is_plain: bool = False
    words: str = "blog on vps"
    asked: list[object] = field(default_factory=list)

    @property
    def ground(self) -> Door:
        return self

    def attach(self, words: Sequence[str]) -> int:
        self.asked.append(tuple(words))
        return 5

    def run(self, words: Sequence[str]) -> Result:
        self.asked.append(tuple(words))
        return Result(6, b"out\n", b"err\n")

    def follow(self, options: Sequence[str]) -> int:
        self.asked.append(tuple(options))
        return 0

    def journal(self, options: Sequence[str]) -> bytes:
        self.asked.append(tuple(options))
        return b'{"__REALTIME_TIMESTAMP":"1000000","MESSAGE":"hello"}\n'


def stand(patch: pytest.MonkeyPatch) -> Door:
    """Every door is this one; the first word asked of it is how it was opened."""
    door = Door()

    def opened(path: Path, *words: str | None) -> Door:
        door.asked.append(words)
        return door

    patch.setattr("warren.cli.entry.door", opened)
    patch.setattr("warren.cli.entry.service_door", opened)
    return door
