"""Boxes of addresses, protocols and ports that do not overlap.

In: boxes that may overlap, each with a label. Out: the same ground covered once, the first label winning. Never merges
across labels.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

Span = tuple[int, int]
Label = TypeVar("Label")


@dataclass(frozen=True, slots=True)
class Box:
    """All flows to `addresses` by `protocols` (IP protocol numbers) and `ports`; both ends of each span are
    included.
    """

    addresses: Span
    protocols: Span
    ports: Span

    @property
    def sides(self) -> tuple[Span, Span, Span]:
        """The spans in a fixed order."""
        return self.addresses, self.protocols, self.ports


def disjoint(boxes: Iterable[tuple[Box, Label]]) -> list[tuple[Box, Label]]:
    """What each box adds to those before it."""
    kept: list[tuple[Box, Label]] = []
    for box, label in boxes:
        parts = [box]
        for other, _ in kept:
            parts = [piece for part in parts for piece in without(part, other)]
        kept.extend((part, label) for part in parts)
    return kept


def without(box: Box, other: Box) -> Iterator[Box]:
    """The parts of `box` that lie outside `other`."""
    sides = list(box.sides)
    if any(a[1] < b[0] or b[1] < a[0] for a, b in zip(sides, other.sides, strict=True)):
        yield box
        return
    for axis, (first, last) in enumerate(other.sides):
        low, high = sides[axis]
        if low < first:
            yield _with(sides, axis, (low, first - 1))
        if last < high:
            yield _with(sides, axis, (last + 1, high))
        sides[axis] = (max(low, first), min(high, last))


def _with(sides: list[Span], axis: int, span: Span) -> Box:
    changed = list(sides)
    changed[axis] = span
    return Box(changed[0], changed[1], changed[2])
