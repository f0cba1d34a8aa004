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
    """Gateways first, then the hosts that dial them.

    A door is shut before what is behind it goes, and a tunnel's listening end is there before anyone dials: a first
    handshake that is lost is tried again after five seconds only. A door that opens too early leads to a host that
    refuses, because everything not declared there is denied already.
    """
    known, first = tuple(names), frozenset(gateways)
    groups = (tuple(n for n in known if n in first), tuple(n for n in known if n not in first))
    return tuple(group for group in groups if group)
