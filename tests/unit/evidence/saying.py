"""A host that says what a test wants, for tests of scripts.

In: answers by a word of the script. Out: results, and the scripts that were run. Never runs anything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from warren.hosts.base import Result, Unreachable


@dataclass
class Saying:
    """A `Host`; `answer` makes what it prints of each script, None where it does not answer."""

    answer: Callable[[str], str | None]
    name: str = "home"
    scripts: list[str] = field(default_factory=list)
    code: int = 0

    def run(self, script: str, stdin: bytes = b"", timeout: float = 60.0) -> Result:
        """See `Host.run`."""
        self.scripts.append(script)
        if (said := self.answer(script)) is None:
            raise Unreachable(f"{self.name} is away")
        return Result(self.code, said.encode(), b"it failed\n" if self.code else b"")
