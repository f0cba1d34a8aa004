"""Records of names, for people and for programs.

In: what a registrar must be told, and what differs. Out: lines and JSON values. Never asks anybody.
"""

from __future__ import annotations

from collections.abc import Iterable

from warren.cli.views.text import table
from warren.topology.records import DnsRecord


def lines(records: Iterable[DnsRecord]) -> list[str]:
    """A table of the records; none where there are none."""
    rows = [(one.name, one.kind, one.content) for one in records]
    return table(("NAME AT THE REGISTRAR", "TYPE", "CONTENT"), rows) if rows else []


def document(records: Iterable[DnsRecord], differing: Iterable[str] | None) -> dict[str, object]:
    """The same for programs; `differing` is None where nobody was asked."""
    listed = [{"name": one.name, "type": one.kind, "content": one.content} for one in records]
    return {"records": listed, "records_differ": None if differing is None else list(differing)}
