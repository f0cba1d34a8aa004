"""The note on a host of what is ours although nothing on it says so.

In: states, and the keys that a host remembers. Out: steps that write the note before a thing is made and after one is
gone, so that an apply that dies leaves no orphan. Never forgets what still stands.
"""

from __future__ import annotations

from collections.abc import Iterable

from warren.desired.items.owned import is_remembered
from warren.desired.model import HostState
from warren.desired.steps import Remove, Step, Write
from warren.observe import OWNED


def remembered(state: HostState | None) -> frozenset[str]:
    """The keys of a state that must be noted."""
    return frozenset(item.key for item in state or () if is_remembered(item))


def note(keys: Iterable[str]) -> Step:
    """The whole note."""
    text = "".join(f"{key}\n" for key in sorted(keys))
    return Write(OWNED, text, 0o600) if text else Remove(OWNED)


def before(wanted: frozenset[str], known: frozenset[str]) -> list[Step]:
    """What precedes additions, where any is new."""
    return [note(known | wanted)] if wanted - known else []


def after(wanted: frozenset[str], known: frozenset[str]) -> list[Step]:
    """What follows removals, where any is known."""
    return [note(wanted)] if known - wanted else []
