"""Records of names, for people and for programs.

In: what a registrar must be told, and what differs. Out: lines and JSON values. Never asks anybody.
"""

from __future__ import annotations

from collections.abc import Iterable

from warren.cli.views.text import table
from warren.topology.records import DnsRecord


def lines(records: Iterable[DnsRecord], advice: str | None) -> list[str]:
    """A table of the records, and what else holds for them; none where there are none."""
    rows = [(one.name, one.kind, one.content) for one in records]
    told = [f"{advice[:1].upper()}{advice[1:]}."] if advice else []
    return [*table(("NAME AT THE REGISTRAR", "TYPE", "CONTENT"), rows), *told] if rows else []


def document(records: Iterable[DnsRecord], advice: str | None, differing: Iterable[str] | None) -> dict[str, object]:
    """The same for programs; `differing` is None where nobody was asked."""
    listed = [{"name": one.name, "type": one.kind, "content": one.content} for one in records]
    return {"records": listed, "caa": advice, "records_differ": None if differing is None else list(differing)}
