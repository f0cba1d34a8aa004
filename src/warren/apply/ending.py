"""How a change ends on several hosts: all keep it, or all go back.

In: hosts on which a change stands. Out: what could not be brought to its end. Never a host that is left alone with
half of it: who does not answer goes back by itself, and who has confirmed keeps the way back until all have.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from warren.apply.protocol import Line, Stopped
from warren.hosts.base import Unreachable

Answer = TypeVar("Answer")
# A host that goes back alone has done so this many seconds after its window.
GRACE = 10
WENT, NOT_EQUAL = "went back", "went back, not equal"


def everywhere(lines: Iterable[Line], ask: Callable[[Line], Answer]) -> dict[str, Answer]:
    """All hosts at the same time. Raises what the first of them raised, once all have answered."""
    asked = list(lines)
    with ThreadPoolExecutor(max_workers=max(1, len(asked))) as pool:
        answers = [pool.submit(ask, line) for line in asked]
    return {line.name: answer.result() for line, answer in zip(asked, answers, strict=True)}


def confirm(lines: Mapping[str, Line], change: str, lease: int, window: int) -> None:
    """Every host keeps the change. Raises `Stopped` or `Unreachable` where one does not; none is put back by this."""
    until = time.monotonic() + window
    everywhere(lines.values(), lambda line: line.tell_again("confirm", change, lease, until=until))


def forget(lines: Mapping[str, Line], change: str) -> list[str]:
    """The ways back go, where all have confirmed. A host that does not hear it does so at its next change."""
    return [said for said in everywhere(lines.values(), lambda line: _forget(line, change)).values() if said]


def _forget(line: Line, change: str) -> str:
    try:
        line.tell_again("forget", change, until=time.monotonic() + GRACE, timeout=150)
    except (Stopped, Unreachable) as gone:
        return f"{line.name} keeps the change, and its way back until the next one: {gone}"
    return ""


def put_back(
    waves: Sequence[Sequence[Line]], change: str, why: str, window: int, asked: bool = False
) -> tuple[str, ...]:
    """Every host is told to go back, those that were changed last first. What is left different, in words.

    Those that were `asked` to confirm may have done so without being able to say it.
    """
    left: list[str] = []
    for wave in reversed(waves):
        found = everywhere(wave, lambda line: _put_back(line, change, why, window, asked))
        left += [said for said in found.values() if said]
    return tuple(left)


def _put_back(line: Line, change: str, why: str, window: int, asked: bool) -> str:
    line.renew()
    until = time.monotonic() + window + GRACE
    try:
        answer = line.tell_again("back", change, why, until=until, timeout=150)
    except Unreachable as gone:
        if asked:
            return f"{line.name} does not answer, and may have confirmed: it is old or new, and whole: {gone}"
        return f"{line.name} does not answer, and goes back by itself within {window} seconds: {gone}"
    except Stopped as refused:
        return str(refused)
    return f"{line.name}: not all is as it was" if answer.startswith(NOT_EQUAL) else ""
