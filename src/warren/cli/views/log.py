"""The changes of hosts, for people and for programs.

In: entries of their logs. Out: lines or a document, newest first. Never what a host says without making it printable.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import click

from warren.apply.generations import Entry
from warren.cli.views.text import columns, printable

APPLIED = "applied"


def lines(hosts: Mapping[str, Sequence[Entry]], with_items: bool = False) -> Iterator[str]:
    """Host by host; `with_items` below each change what it was made of."""
    for name, entries in hosts.items():
        yield click.style(name, bold=True)
        if not entries:
            yield "  nothing was applied to it yet"
        newest = list(reversed(entries))
        for entry, line in zip(newest, columns([_row(each) for each in newest], "  "), strict=True):
            yield f"  {line}"
            yield from (f"        {printable(each)}" for each in entry.changes if with_items)


def _row(entry: Entry) -> tuple[str, ...]:
    stayed = entry.outcome == APPLIED
    ended = click.style(APPLIED, fg="green") if stayed else click.style(words(entry.outcome), fg="yellow")
    number = str(entry.generation) if stayed else "-"
    return (number, printable(entry.when), printable(entry.who), ended, printable(entry.summary))


def words(outcome: str) -> str:
    """Why a change did not stay."""
    told, _, why = outcome.partition(": ")
    reasons = {
        "window": "nobody confirmed it in time",
        "restart": "the host restarted before it was confirmed",
        "told": "it failed here or on another host",
        "stopped": "whoever made it was gone",
    }
    unequal = ", not to all that was" if "not equal" in told else ""
    return f"put back{unequal}: {reasons.get(why, printable(why))}"


def document(hosts: Mapping[str, Sequence[Entry]]) -> dict[str, object]:
    """The same for programs."""
    return {"hosts": {name: [_entry(each) for each in reversed(entries)] for name, entries in hosts.items()}}


def _entry(entry: Entry) -> dict[str, object]:
    return {
        "generation": entry.generation,
        "when": entry.when,
        "who": entry.who,
        "summary": entry.summary,
        "applied": entry.outcome == APPLIED,
        "outcome": entry.outcome,
        "changes": list(entry.changes),
    }
