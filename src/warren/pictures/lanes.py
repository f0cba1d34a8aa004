"""Lines that go up and down between boxes, side by side where they would meet.

In: lines with the heights of their ends. Out: for each line the number of its lane. Never draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

CLEAR = 7.0


class Side(Enum):
    """Which side of the lanes an end is on."""

    LEFT = auto()
    RIGHT = auto()


@dataclass(frozen=True, slots=True)
class End:
    """Where a line meets a box or frame; `arrow` where it points at it, `title` says what it stands for."""

    side: Side
    height: float
    arrow: bool = False
    title: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One end that all others join."""

    hub: End
    spokes: tuple[End, ...]
    kind: str

    @property
    def span(self) -> tuple[float, float]:
        """From its highest to its lowest end."""
        heights = [self.hub.height, *(spoke.height for spoke in self.spokes)]
        return min(heights), max(heights)


def lanes(lines: Sequence[Line]) -> tuple[int, ...]:
    """The lane of each line: short lines get the first ones, no two meet in one."""
    taken: list[list[tuple[float, float]]] = []
    chosen = [0] * len(lines)
    for index in sorted(range(len(lines)), key=lambda index: (_length(lines[index]), index)):
        top, bottom = lines[index].span
        lane = next((n for n, spans in enumerate(taken) if _free(spans, top, bottom)), len(taken))
        if lane == len(taken):
            taken.append([])
        taken[lane].append((top, bottom))
        chosen[index] = lane
    return tuple(chosen)


def _length(line: Line) -> float:
    top, bottom = line.span
    return bottom - top


def _free(spans: Sequence[tuple[float, float]], top: float, bottom: float) -> bool:
    return all(bottom + CLEAR < first or last + CLEAR < top for first, last in spans)
