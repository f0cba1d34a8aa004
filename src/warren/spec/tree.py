"""Where in the file a value stands.

In: the located tree of one file. Out: the place of any path, however many shorthands lie on the way. Never fails: where
a path is not in the file, the place of the nearest thing that is.
"""

from __future__ import annotations

from typing import TypeAlias

from warren.basis.diagnostic import Place
from warren.formats.yaml12 import Entry, Mapping, Node, Scalar, Sequence

Path: TypeAlias = "tuple[str | int, ...]"


class Tree:
    """A located tree with an index of its mappings, so that ten thousand look-ups stay ten thousand steps."""

    def __init__(self, root: Node) -> None:
        self.root = root
        self._indexes: dict[int, dict[str, Entry]] = {}

    def place(self, path: Path, *, key: bool = False) -> Place:
        """The place of the value at `path`, of its key where it is a list or mapping, or where `key` says so.

        Steps that are not in the file are skipped: a shorthand has fewer of them than the model that it stands for.
        """
        node, best, on_key = self.root, self.root.place, None
        for step in path:
            found = self._step(node, step)
            if found is None:
                continue
            on_key, node = found
            best = on_key if on_key and not isinstance(node, Scalar) else node.place
        return on_key if key and on_key else best

    def holds(self, path: Path) -> bool:
        """Whether the file says something at exactly this path."""
        node = self.root
        for step in path:
            found = self._step(node, step)
            if found is None:
                return False
            node = found[1]
        return True

    def _step(self, node: Node, step: str | int) -> tuple[Place | None, Node] | None:
        if isinstance(node, Mapping) and isinstance(step, str):
            entry = self._index(node).get(step)
            return (entry.key_place, entry.node) if entry else None
        if isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            return None, node.items[step]
        return None

    def _index(self, node: Mapping) -> dict[str, Entry]:
        # Nodes live as long as `root`, so an id names one node.
        found = self._indexes.get(id(node))
        if found is None:
            found = self._indexes[id(node)] = {entry.key: entry for entry in node.entries}
        return found
