"""By which device packets of a set come or go, where it depends on their headers.

In: spans of one level for each device. Out: the part of a set that a device, or any of some devices, concerns. Never
splits a set by device: thousands of services are worked on as one.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from functools import cache

from warren.prove.diagrams import ALL, NOTHING, Diagram, Space, Span


@dataclass(frozen=True, slots=True, eq=False)
class Devices:
    """For each device the spans of `level` that are its own; `level` None is one device, whatever the header."""

    level: int | None
    spans: Mapping[str, tuple[Span, ...]]
    _known: dict[object, Diagram] = field(default_factory=dict)

    @property
    def single(self) -> str | None:
        """The device, where there is only one for all headers."""
        return next(iter(self.spans)) if self.level is None else None

    def of(self, space: Space, name: str) -> Diagram:
        """The headers that concern one device."""
        if self.level is None:
            return ALL if name in self.spans else NOTHING
        return space.spans(self.level, self.spans.get(name, ()))

    def among(self, space: Space, names: Container[str]) -> Diagram:
        """The headers that concern any of these devices."""
        held = [name for name in self.spans if name in names]
        if self.level is None:
            return ALL if held else NOTHING
        key = frozenset(held)
        if key not in self._known:
            self._known[key] = space.spans(self.level, [span for name in held for span in self.spans[name]])
        return self._known[key]

    def everything(self, space: Space) -> Diagram:
        """The headers that concern any device at all."""
        return self.among(space, self.spans)


@cache
def one(name: str) -> Devices:
    """A single device, whatever the header; the empty name is none."""
    return Devices(None, {name: ()})


def agree(space: Space, one: Devices, other: Devices) -> Diagram:
    """The headers for which both say the same device."""
    if one is other:
        return one.everything(space)
    if one.single is not None:
        return other.of(space, one.single)
    if other.single is not None:
        return one.of(space, other.single)
    key = (id(one), id(other))
    if key not in one._known:
        shared = [name for name in one.spans if name in other.spans]
        one._known[key] = space.union(space.both(one.of(space, name), other.of(space, name)) for name in shared)
        one._known[other] = NOTHING  # holds `other`, so that its id is not used again
    return one._known[key]
