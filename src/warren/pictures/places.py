"""Where everything of one column stands, from top to bottom.

In: hosts and how many lines leave each of their boxes. Out: heights, and the places of every row. Never chooses a place
from left to right, never a colour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from warren.formats.svg import text_width
from warren.pictures.scene import Box, Door, Lan, Spot

HEAD, ADDRESS, DOOR, ROW, NOTE, LEAVING = 30.0, 15.0, 23.0, 19.0, 16.0, 7.0
PAD, GAP, BETWEEN = 12.0, 8.0, 26.0
NAME, PORT, SMALL = 13.0, 12.0, 11.0


@dataclass(frozen=True, slots=True)
class PlacedBox:
    """A box; `rows` are the middles of its ports by name, `leaves` is where the first line that leaves starts."""

    box: Box
    top: float
    height: float
    rows: Mapping[str, float]
    leaves: float


@dataclass(frozen=True, slots=True)
class PlacedLan:
    """A LAN beside its host, as high as its doors."""

    lan: Lan
    top: float
    height: float


@dataclass(frozen=True, slots=True)
class PlacedSpot:
    """A host; `link` is the height at which the first tunnel meets it."""

    spot: Spot
    top: float
    height: float
    doors: tuple[tuple[Door, float], ...]
    lans: tuple[PlacedLan, ...]
    boxes: tuple[PlacedBox, ...]

    @property
    def link(self) -> float:
        """Beside its name."""
        return self.top + HEAD / 2 - 3


@dataclass(frozen=True, slots=True)
class Column:
    """Hosts above each other."""

    spots: tuple[PlacedSpot, ...] = ()
    width: float = 0
    bottom: float = 0
    boxes: Mapping[str, PlacedBox] = field(default_factory=dict)


def column(spots: Sequence[Spot], leaving: Mapping[str, int], top: float) -> Column:
    """The hosts in their order; `leaving` counts the lines that leave a box."""
    placed: list[PlacedSpot] = []
    for spot in spots:
        placed.append(_spot(spot, leaving, top))
        top = placed[-1].top + placed[-1].height + BETWEEN
    width = max((_width(spot) for spot in spots), default=0)
    boxes = {one.box.name: one for spot in placed for one in spot.boxes}
    return Column(tuple(placed), width, top - BETWEEN if placed else top, boxes)


def _spot(spot: Spot, leaving: Mapping[str, int], top: float) -> PlacedSpot:
    y = top + HEAD + ADDRESS * len(spot.public)
    doors: list[tuple[Door, float]] = []
    for door in spot.doors:
        if door.lan is None:
            doors.append((door, y + DOOR / 2))
            y += DOOR
    y += GAP / 2 if doors else 0
    lans = []
    for lan in spot.lans:
        through = [door for door in spot.doors if door.lan == lan.name]
        height = max(DOOR * len(through), NOTE * (1 + len(lan.prefixes)) + 6)
        lans.append(PlacedLan(lan, y, height))
        first = y + (height - DOOR * len(through)) / 2
        doors += [(door, first + DOOR * (number + 0.5)) for number, door in enumerate(through)]
        y += height + GAP
    boxes = []
    for box in spot.boxes:
        boxes.append(_box(box, leaving.get(box.name, 0), y))
        y += boxes[-1].height + GAP
    return PlacedSpot(spot, top, y - top + PAD - (GAP if boxes or lans else 0), tuple(doors), tuple(lans), tuple(boxes))


def _box(box: Box, leaving: int, top: float) -> PlacedBox:
    rows = {slot.name: top + 5 + ROW * (number + 0.5) for number, slot in enumerate(box.slots)}
    below = 5 + ROW * max(len(box.slots), 1)
    height = below + max(NOTE * len(box.beyond), LEAVING * leaving) + 5
    return PlacedBox(box, top, height, rows, top + below + LEAVING / 2)


# ── widths ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _width(spot: Spot) -> float:
    """The width of a host's frame."""
    texts = [
        bold_width(title(spot), NAME + 2) + 20,
        *(text_width(address, SMALL) + 8 for address in spot.public),
        *(text_width(behind(door), PORT) + 12 for door in spot.doors),
        *(_box_width(box) for box in spot.boxes),
    ]
    return max(texts) + 2 * PAD


def _box_width(box: Box) -> float:
    name = bold_width(box.name, NAME) + text_width(way(box), SMALL) + 22
    ports = max((text_width(f"{slot.name} {slot.number}", PORT) for slot in box.slots), default=0)
    return max(name + ports + 44, *(text_width(word, SMALL) + 40 for word in ("", *box.beyond)))


def bold_width(text: str, size: float) -> float:
    """About how wide a bold text will be."""
    return text_width(text, size) * 1.22


def title(spot: Spot) -> str:
    """What stands in a host's head."""
    return f"{spot.name} · gateway" if spot.public else spot.name


def behind(door: Door) -> str:
    """Where a door leads."""
    return f"▸ {door.service}.{door.slot}"


def way(box: Box) -> str:
    """How a box's own connections leave."""
    return f"▸ {box.egress}" if box.egress else "programs of the host"
