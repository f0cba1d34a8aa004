"""Accounts for people and for programs.

In: accounts. Out: a table or a document. Never a rate: counters have no clock.
"""

from __future__ import annotations

from warren.accounts import Accounts, Count, Path, Traffic
from warren.cli.views.text import size, table

HEAD = ("SERVICE", "PATH", "RECEIVED", "PACKETS", "SENT", "PACKETS")


def lines(accounts: Accounts) -> list[str]:
    """A row for each path that a service has used."""
    rows = [
        (name, path.value, *_cells(traffic.received), *_cells(traffic.sent))
        for name, paths in accounts.items()
        for path, traffic in ((path, paths[path]) for path in Path if path in paths)
    ]
    return table(HEAD, rows, right=range(2, 6)) or ["Nothing has been sent or received yet."]


def _cells(count: Count) -> tuple[str, str]:
    return size(count.size), str(count.packets)


def document(accounts: Accounts) -> dict[str, object]:
    """Every path of every service, for programs."""
    return {
        "services": {
            name: {path.value: _entry(paths.get(path, Traffic())) for path in Path} for name, paths in accounts.items()
        }
    }


def _entry(traffic: Traffic) -> dict[str, object]:
    pairs = (("received", traffic.received), ("sent", traffic.sent))
    return {name: {"bytes": count.size, "packets": count.packets} for name, count in pairs}
