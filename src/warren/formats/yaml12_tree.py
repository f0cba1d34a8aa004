"""The tree that a YAML text becomes: every key and value knows its place.

In: a tree. Out: its plain values, and the place for a sentence about any path. Never refuses a path.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from warren.basis.diagnostic import Place

Value: TypeAlias = str | int | float | bool | None
Plain: TypeAlias = "Value | list[Plain] | dict[str, Plain]"
Node: TypeAlias = "Scalar | Sequence | Mapping"


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value; `raw` is its text without quotes, before it was read as a number or a truth value."""

    value: Value
    raw: str
    place: Place


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: tuple[Node, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Entry:
    """One key and its value; a key is always text, `80: x` has the key "80"."""

    key: str
    key_place: Place
    node: Node


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values in the order of the file."""

    entries: tuple[Entry, ...]
    place: Place
    # Ten thousand services are ten thousand keys, each looked up.
    _by_key: dict[str, Entry] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        for entry in self.entries:
            self._by_key[entry.key] = entry

    def get(self, key: str) -> Entry | None:
        """The entry with this key."""
        return self._by_key.get(key)


def plain(node: Node) -> Plain:
    """The same tree as ordinary Python values."""
    match node:
        case Scalar():
            return node.value
        case Sequence():
            return [plain(item) for item in node.items]
        case Mapping():
            return {entry.key: plain(entry.node) for entry in node.entries}


def at(node: Node, path: tuple[str | int, ...], *, key: bool = False) -> Place:
    """The best place for a sentence about `path`.

    A scalar's or list item's own place; the key of a list or mapping; where the path does not exist, the same of its
    deepest existing ancestor, so that a missing key points at the key that lacks it. With `key`, the last key itself.
    """
    best = node.place
    for depth, step in enumerate(path, start=1):
        found = _step(node, step)
        if found is None:
            break
        key_place, node = found
        is_value = depth == len(path) and isinstance(node, Scalar) and not key
        best = node.place if key_place is None or is_value else key_place
    return best


def _step(node: Node, step: str | int) -> tuple[Place | None, Node] | None:
    match node:
        case Mapping():
            entry = node.get(str(step))
            return (entry.key_place, entry.node) if entry else None
        case Sequence() if isinstance(step, int) and 0 <= step < len(node.items):
            return None, node.items[step]
    return None
