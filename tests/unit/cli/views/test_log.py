"""The changes of hosts, in lines and documents."""

from __future__ import annotations

import click
import pytest

from warren.apply.generations import Entry
from warren.cli.views import log


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("back: window", "put back: nobody confirmed it in time"),
        ("back: restart", "put back: the host restarted before it was confirmed"),
        ("back: told", "put back: it failed here or on another host"),
        ("back, not equal: stopped", "put back, not to all that was: whoever made it was gone"),
        ("back: \x1b[31m", "put back: "),
    ],
)
def test_why_it_did_not_stay(outcome: str, words: str) -> None:
    assert log.words(outcome).startswith(words) and "\x1b" not in log.words(outcome)


def test_what_a_host_says_is_made_printable() -> None:
    entry = Entry(3, "T", "e\x1bve", "+ \x07netns", "applied")
    text = "\n".join(click.unstyle(line) for line in log.lines({"home": [entry]}))
    assert "\x1b" not in text and "\x07" not in text


def test_a_document_has_the_newest_first() -> None:
    entries = [Entry(number, "T", "ada", "", "applied") for number in (1, 2)]
    hosts = log.document({"home": entries})["hosts"]
    assert isinstance(hosts, dict) and [each["generation"] for each in hosts["home"]] == [2, 1]
