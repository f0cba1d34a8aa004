"""The safe order: of changes on a host, and of hosts.

In: changes. Out: additions by rank, removals by rank backwards. Never a cycle: what an item needs
always has a lower rank.
"""

from __future__ import annotations

from collections.abc import Iterable

from warren.plan.model import Action, Change


def additions_first(changes: Iterable[Change]) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
    """Additions and changes in the order of their ranks, and removals in the opposite order.

    Within a rank the order is that of the keys, so that a plan is the same however the file is ordered.
    """
    given = list(changes)
    going = [change for change in given if change.action is Action.REMOVE]
    coming = [change for change in given if change.action is not Action.REMOVE]
    coming.sort(key=lambda change: (change.item.rank, change.key))
    going.sort(key=lambda change: (-change.item.rank, change.key))
    return tuple(coming), tuple(going)


def waves(names: Iterable[str], gateways: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Hosts of services first, gateways last: what the Internet may reach is there before the Internet is let in."""
    known, last = tuple(names), frozenset(gateways)
    groups = (tuple(n for n in known if n not in last), tuple(n for n in known if n in last))
    return tuple(group for group in groups if group)
