"""An explanation as values: hops, and a verdict.

In: nothing. Out: what the rest of this room makes and the views print. Never decides anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from warren.basis.diagnostic import Place

QUESTION, ANSWER = "question", "answer"


class Kind(StrEnum):
    """What decides at a hop."""

    RULE = "rule"
    TRANSLATION = "translation"
    MARK = "mark"
    ROUTE = "route"
    TUNNEL = "tunnel"
    LEAVE = "leave"
    ARRIVE = "arrive"
    LISTEN = "listen"


@dataclass(frozen=True, slots=True)
class Hop:
    """One decision on the way. `place` is the namespace in which it falls, `host` the machine that it is on.

    `rule` is what decides in its own language, `file_line` the line of the file that it comes from. `disposition` is
    set on the last hop of a way; `packets` is how many were seen there, None where nobody looked.
    """

    host: str
    place: str
    kind: Kind
    words: str
    direction: str = QUESTION
    rule: str | None = None
    file_line: Place | None = None
    disposition: str | None = None
    packets: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is broken first, and what to do. `code` is stable; `at` is the host or service where it is broken."""

    code: str
    sentence: str
    remedy: str | None = None
    at: str | None = None
    file_line: Place | None = None

    @property
    def works(self) -> bool:
        """Whether nothing is broken."""
        return self.code in WORKING


# Codes that say that nothing has to be done.
OPEN, CLOSED = "open", "closed"
WORKING = (OPEN,)


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that was tried: from an address of a place to an address and port, and how it went.

    `outcome` is what real packets got (`answered`, `refused`, `timeout`, ...), None where none were sent.
    """

    family: int
    source: str
    target: str
    port: int
    protocol: str
    verdict: Verdict
    hops: tuple[Hop, ...]
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer to `explain FROM TO`: the first that is broken speaks for all."""

    source: str
    target: str
    asked: tuple[Asked, ...]
    notes: tuple[str, ...] = ()

    @property
    def main(self) -> Asked | None:
        """What is explained in full: the first that fails, else the first."""
        return next((each for each in self.asked if not each.verdict.works), next(iter(self.asked), None))

    @property
    def verdict(self) -> Verdict:
        """What is broken first of all."""
        return self.main.verdict if self.main else Verdict("nothing-to-ask", "there is nothing to ask")

    @property
    def hops(self) -> tuple[Hop, ...]:
        """The hops of what is explained."""
        return self.main.hops if self.main else ()


def first_of(verdicts: Iterable[Verdict | None]) -> Verdict | None:
    """The first that there is."""
    return next((each for each in verdicts if each is not None), None)
