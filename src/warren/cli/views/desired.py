"""A host's desired state as the commands that would build it, or as a list of items.

In: a state. Out: a script in the safe order, or plain values. Never a secret: items hold none.
"""

from __future__ import annotations

from warren.cli.views.plan import kind
from warren.desired.model import HostState, Item
from warren.desired.steps import script


def ordered(state: HostState) -> list[Item]:
    """The items in the order in which they are made."""
    return sorted(state, key=lambda item: (item.rank, item.key))


def text(state: HostState) -> str:
    """One POSIX shell script."""
    return script(step for item in ordered(state) for step in item.create())


def document(state: HostState) -> dict[str, object]:
    """The items, and the script that makes them."""
    items = [{"kind": kind(item), "key": item.key, "words": item.describe()} for item in ordered(state)]
    return {"items": items, "script": text(state)}
