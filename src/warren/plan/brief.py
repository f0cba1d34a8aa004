"""A host's plan in a few words, for whoever reads a log.

In: a plan of one host. Out: `+2 services, ~1 rule set`, and the list behind it. Never a value: keys alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from warren.desired.items.tunnel import Tunnel
from warren.plan.model import Action, Change, HostPlan

# What tells a reader most comes first; the word for one of several kinds is given once.
NOUNS: Mapping[str, str] = {
    "netns": "service",
    "tunnel": "tunnel",
    "nft": "rule set",
    "running": "program",
    "image": "image",
    "secret": "secret",
    "unit": "unit",
    "user": "user",
    "file": "file",
    "rule": "routing rule",
    "route": "route",
    "sysctl": "setting",
    "settings": "setting",
}
OTHER = "other item"
SHOWN = 3
# A log is read line by line; the first change of a large host has thousands of items.
LISTED = 200


def brief(plan: HostPlan) -> str:
    """What changes, by kind: the three that tell most, and how many are left."""
    counts = Counter((_noun(change), change.action) for change in plan)
    order = list(dict.fromkeys([*NOUNS.values(), OTHER]))
    found = sorted(counts, key=lambda each: (order.index(each[0]), list(Action).index(each[1])))
    words = [_words(noun, action, counts[noun, action]) for noun, action in found[:SHOWN]]
    rest = sum(counts[each] for each in found[SHOWN:])
    return ", ".join(words) + (f" and {rest} more" if rest else "")


def listed(plan: HostPlan) -> tuple[str, ...]:
    """Every change by its key, up to a number that nobody reads further."""
    keys = [f"{change.action.value} {change.key}" for change in plan]
    more = (f"and {len(keys) - LISTED} more",) if len(keys) > LISTED else ()
    return (*keys[:LISTED], *more)


def _noun(change: Change) -> str:
    kind = "tunnel" if isinstance(change.item, Tunnel) else change.key.partition(":")[0]
    return NOUNS.get(kind, OTHER)


def _words(noun: str, action: Action, number: int) -> str:
    return f"{action.value}{number} {noun}{'s' if number != 1 else ''}"
