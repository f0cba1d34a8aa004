"""What an apply has done, for people and for programs.

In: an outcome. Out: lines or a document. Never hides what was left behind.
"""

from __future__ import annotations

from collections.abc import Iterator

import click

from warren.apply import Outcome
from warren.cli.views.plan import EQUAL
from warren.cli.views.text import count, printable


def line(done: Outcome, equal: str = EQUAL) -> str:
    """What was done, where all went well."""
    if done.window is not None:
        waits = f"`warren confirm` within {done.window} seconds keeps it, else every host goes back"
        return f"Applied: {count(done.done, 'change')}, and waiting: {waits}."
    return f"Applied: {count(done.done, 'change')}." if done.done else f"Nothing to do. {equal}"


def failure_lines(done: Outcome) -> Iterator[str]:
    """What failed where, and whether every host was put back."""
    failure = done.failure
    if failure is None:
        return
    first, *rest = printable_lines(failure.reason) or ["it gave no reason"]
    yield f"{click.style('error:', fg='red', bold=True)} the apply failed on {failure.host}: {first}"
    yield from (f"  {each}" for each in rest)
    if failure.restored:
        yield "every host was put back to what it held before"
        return
    yield "not everything could be put back; what is left:"
    yield from (f"  {printable(each)}" for each in failure.left)
    yield f"{click.style('hint:', bold=True)} `warren plan` shows what differs now"


def printable_lines(text: str) -> list[str]:
    """Lines that a terminal can show."""
    return [printable(each) for each in text.strip().splitlines()]


def document(done: Outcome) -> dict[str, object]:
    """The same for programs."""
    failure = done.failure
    return {
        "applied": done.done,
        "succeeded": done.succeeded,
        **({} if done.window is None else {"confirm_within": done.window}),
        "failure": failure
        and {
            "host": failure.host,
            "reason": failure.reason,
            "restored": failure.restored,
            "left": list(failure.left),
        },
    }
