"""Permissions gathered into as few lines as possible: many to one port, or one to many ports.

In: the permissions of a scene. Out: bundles, each permission in exactly one. Never places a line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import TypeAlias

from warren.pictures.scene import Permit

Pin: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Bundle:
    """Permissions that share their target, or their source where `fans_out`; drawn as one line with branches."""

    permits: tuple[Permit, ...]
    fans_out: bool


def bundles(permits: Sequence[Permit]) -> tuple[Bundle, ...]:
    """The largest bundle first, then the largest of what is left; ties in the order of the file."""
    hubs: dict[tuple[bool, Pin], dict[int, None]] = {}
    for index, permit in enumerate(permits):
        for hub in _hubs(permit):
            hubs.setdefault(hub, {})[index] = None
    order = {hub: place for place, hub in enumerate(hubs)}
    heap = [(-len(members), order[hub], hub) for hub, members in hubs.items()]
    heapify(heap)
    found = []
    while heap:
        size, place, hub = heappop(heap)
        members = hubs[hub]
        if len(members) != -size:
            # It shrank since it was put here.
            if members:
                heappush(heap, (-len(members), place, hub))
            continue
        chosen = tuple(permits[index] for index in members)
        for index in tuple(members):
            for other in _hubs(permits[index]):
                del hubs[other][index]
        found.append(Bundle(chosen, hub[0] and len(chosen) > 1))
    return tuple(found)


def _hubs(permit: Permit) -> tuple[tuple[bool, Pin], tuple[bool, Pin]]:
    return (False, (permit.target, permit.slot)), (True, (permit.source, ""))
