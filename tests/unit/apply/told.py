"""A host that is told verbs and answers what a test has written for them.

In: answers by verb. Out: what was told, in order. Never a shell.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from warren.apply.protocol import REMOTE
from warren.hosts.base import Result, Unreachable

# Text, an exit code with a sentence, an exception, or something that knows the words.
Answer = str | tuple[int, str] | Exception | Callable[..., "Answer"]


@dataclass(slots=True)
class Told:
    """See `hosts.base.Host`. `fresh` is itself, and counted; a list of answers is used up one by one."""

    name: str
    answers: dict[str, Answer | list[Answer]] = field(default_factory=dict)
    verbs: list[tuple[str, ...]] = field(default_factory=list)
    connections: int = 1
    closed: int = 0

    def run(self, script: str, stdin: bytes = b"", timeout: float = 60.0) -> Result:
        """One verb, and another one in the same breath."""
        assert script.startswith(REMOTE)
        first, *others = re.findall(r"^(.*) \|\| exit$", script.removeprefix(REMOTE), re.M)
        result = self._told(first)
        for each in (line for line in others if line.startswith("arm ")):
            result = result if result.code else self._told(each)
        return result

    def _told(self, line: str) -> Result:
        verb, *words = shlex.split(line)
        self.verbs.append((verb, *words))
        return self._result(self._answer(verb), words)

    def _answer(self, verb: str) -> Answer:
        held = self.answers.get(verb, "")
        return (held.pop(0) if len(held) > 1 else held[0]) if isinstance(held, list) else held

    def _result(self, answer: Answer, words: list[str]) -> Result:
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, tuple):
            return Result(answer[0], b"", answer[1].encode())
        return Result(0, answer.encode(), b"") if isinstance(answer, str) else self._result(answer(*words), words)

    def fresh(self) -> Told:
        """A new connection."""
        self.connections += 1
        return self

    def close(self) -> None:
        """Its end."""
        self.closed += 1

    def told(self, verb: str) -> int:
        """How often."""
        return sum(each[0] == verb for each in self.verbs)


def gone(name: str) -> Unreachable:
    """What a carrier raises."""
    return Unreachable(f"{name} cannot be reached: Connection timed out")


def both(answers: Mapping[str, Mapping[str, Answer | list[Answer]]]) -> dict[str, Told]:
    """Two hosts."""
    return {name: Told(name, dict(answers.get(name, {}))) for name in ("vps", "home")}
