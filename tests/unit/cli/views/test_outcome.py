"""What an apply has done."""

from __future__ import annotations

import click

from warren.apply import Failure, Outcome
from warren.cli.views.outcome import document, failure_lines, line, printable_lines


def told(failure: Failure) -> list[str]:
    return [click.unstyle(each) for each in failure_lines(Outcome(0, failure))]


def test_what_went_well() -> None:
    assert line(Outcome(1)) == "Applied: 1 change."
    assert line(Outcome(0)) == "Nothing to do. The hosts match the file."
    assert line(Outcome(0), "Nothing of warren is there.") == "Nothing to do. Nothing of warren is there."
    assert list(failure_lines(Outcome(1))) == []


def test_what_failed_and_was_put_back() -> None:
    assert told(Failure("vps", "nft: no\nat step 3")) == [
        "error: the apply failed on vps: nft: no",
        "  at step 3",
        "every host was put back to what it held before",
    ]


def test_what_is_left() -> None:
    assert told(Failure("vps", "", ("home: + route",))) == [
        "error: the apply failed on vps: it gave no reason",
        "not everything could be put back; what is left:",
        "  home: + route",
        "hint: `warren plan` shows what differs now",
    ]


def test_a_host_cannot_command_the_terminal() -> None:
    assert printable_lines("a\x1b[2J\nb") == ["a\ufffd[2J", "b"]


def test_for_programs() -> None:
    assert document(Outcome(2)) == {"applied": 2, "succeeded": True, "failure": None}
    assert document(Outcome(0, Failure("vps", "no", ("x",))))["failure"] == {
        "host": "vps",
        "reason": "no",
        "restored": False,
        "left": ["x"],
    }
