"""An explanation, for people and for programs.

In: an explanation. Out: lines, the fault first, or a document with stable names. Never decides what is broken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from textwrap import wrap

import click

from warren.basis.diagnostic import Place
from warren.cli.views.text import columns, printable
from warren.explain.model import ANSWER, Asked, Explanation, Hop, Verdict

TITLES = {"question": "the question", "answer": "the answer"}


def lines(found: Explanation, width: int = 100, rules: bool = False) -> list[str]:
    """What is broken first; then every hop, and the other families in a line each."""
    made = list(_verdict(found.verdict))
    main = found.main
    if main is not None:
        made += ["", *_hops(main, width, rules)]
        made += [line for each in found.asked if each is not main for line in ("", _other(each))]
    made += [line for note in found.notes for line in ("", printable(note))]
    return made


def _verdict(verdict: Verdict) -> Iterator[str]:
    colour = "green" if verdict.works else "red"
    yield click.style(printable(verdict.sentence), fg=colour, bold=True)
    if verdict.remedy:
        at = f"{where(verdict.file_line)}: " if verdict.file_line else ""
        yield f"{at}{printable(verdict.remedy)}"


def _hops(asked: Asked, width: int, rules: bool) -> Iterator[str]:
    for direction, held in groupby(asked.hops, key=lambda hop: hop.direction):
        ends = (asked.source, f"{_bracketed(asked.target)}:{asked.port}/{asked.protocol}")
        one, other = reversed(ends) if direction == ANSWER else ends
        yield click.style(f"{TITLES.get(direction, direction)}: {one} -> {other}", dim=True)
        yield from _table(list(held), width, rules)


def _table(hops: list[Hop], width: int, rules: bool) -> Iterator[str]:
    rows = [_row(hop) for hop in hops]
    for line, hop in zip(columns(rows, "  "), hops, strict=True):
        yield line
        if rules and hop.rule:
            yield from (click.style(f"        {part}", dim=True) for part in wrap(printable(hop.rule), width - 8))


def _row(hop: Hop) -> tuple[str, ...]:
    place = hop.place if hop.place == hop.host else f"{hop.place} on {hop.host}"
    words = printable(hop.words)
    if hop.disposition and hop.disposition not in ("ACCEPTED", "EXITS_NETWORK"):
        words = click.style(words, fg="red")
    count = "" if hop.packets is None else f"{hop.packets} seen"
    # The folder of the file is the same for every hop, and in the first lines.
    return place, words, count, where(hop.file_line).rpartition("/")[2]


def _other(asked: Asked) -> str:
    mark = "" if asked.verdict.works else "also "
    return f"{mark}IPv{asked.family}: {printable(asked.verdict.sentence)}"


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def where(place: Place | None) -> str:
    """A line of the file, as editors take it."""
    return f"{place.file}:{place.line}" if place else ""


def document(found: Explanation) -> Mapping[str, object]:
    """The same for programs."""
    return {
        "from": found.source,
        "to": found.target,
        "verdict": _verdict_document(found.verdict),
        "hops": hop_documents(found.hops),
        "flows": [_asked_document(each) for each in found.asked],
        "notes": list(found.notes),
    }


def _verdict_document(verdict: Verdict) -> Mapping[str, object]:
    return {
        "code": verdict.code,
        "sentence": verdict.sentence,
        "remedy": verdict.remedy,
        "at": verdict.at,
        "file_line": where(verdict.file_line) or None,
    }


def _asked_document(asked: Asked) -> Mapping[str, object]:
    return {
        "family": f"ipv{asked.family}",
        "source": asked.source,
        "target": asked.target,
        "port": asked.port,
        "protocol": asked.protocol,
        "outcome": asked.outcome,
        "verdict": _verdict_document(asked.verdict),
        "hops": hop_documents(asked.hops),
    }


def hop_documents(hops: Iterable[Hop]) -> list[Mapping[str, object]]:
    """Hops with the names that `--json` promises."""
    return [
        {
            "host": hop.host,
            "place": hop.place,
            "direction": hop.direction,
            "kind": hop.kind.value,
            "words": hop.words,
            "rule": hop.rule,
            "file_line": where(hop.file_line) or None,
            "disposition": hop.disposition,
            "packets": hop.packets,
        }
        for hop in hops
    ]
