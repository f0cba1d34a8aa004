"""Followed packets, for people and for programs.

In: steps. Out: a line for each packet and host, or documents. Never waits for anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import click

from warren.cli.views.explain import hop_documents, where
from warren.cli.views.text import printable
from warren.explain.followed import Step, written
from warren.explain.model import ANSWER, Hop
from warren.formats.nft_trace import Header


def lines(steps: Iterable[Step], rules: bool = False) -> Iterator[str]:
    """One line for each step; with its rules below it, where they are wanted."""
    for step in steps:
        arrow = "<-" if step.direction == ANSWER else "->"
        ends = f"{written(step.came.source, step.came.sport)} > {written(step.came.target, step.came.dport)}"
        came = f"in by {step.came.iif}" if step.came.iif else "sent"
        told = "; ".join([came, *(_hop(hop) for hop in step.hops)])
        shown = printable(f"{step.host:<12} {arrow} {ends}  {told}")
        yield click.style(shown, fg="red") if step.dropped else shown
        for hop in step.hops if rules else ():
            if hop.rule:
                yield click.style(f"        {printable(hop.rule)}", dim=True)


def _hop(hop: Hop) -> str:
    line = where(hop.file_line).rpartition("/")[2]
    return f"{hop.words} ({line})" if line else hop.words


def document(steps: Iterable[Step]) -> list[Mapping[str, object]]:
    """The same for programs."""
    return [
        {
            "host": step.host,
            "direction": step.direction,
            "came": _header(step.came),
            "left": _header(step.left),
            "disposition": "DENIED_BY" if step.dropped else None,
            "hops": hop_documents(step.hops),
        }
        for step in steps
    ]


def _header(head: Header) -> Mapping[str, object]:
    return {
        "iif": head.iif or None,
        "oif": head.oif or None,
        "source": head.source,
        "target": head.target,
        "sport": head.sport,
        "dport": head.dport,
    }
