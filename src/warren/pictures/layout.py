"""The columns of the drawn picture from left to right.

In: a scene. Out: every width and place that drawing needs. Never makes an element.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from warren.formats.svg import text_width
from warren.pictures.lanes import Line, lanes
from warren.pictures.places import PORT, SMALL, Column, column
from warren.pictures.scene import Door, Scene
from warren.pictures.wires import Wires, areas

MARGIN, TOP, INTERNET = 24.0, 66.0, 96.0
LANE, ASIDE = 9.0, 22.0
LONGEST = 34


@dataclass(frozen=True, slots=True)
class Lanes:
    """Lines with the lane of each."""

    lines: tuple[Line, ...]
    numbers: tuple[int, ...]

    @property
    def count(self) -> int:
        """How many lanes there are."""
        return max(self.numbers, default=-1) + 1

    @property
    def width(self) -> float:
        """The room that they need."""
        return ASIDE * 2 + LANE * (self.count - 1) if self.count else 0


@dataclass(frozen=True, slots=True)
class Layout:
    """Places from left to right; a column that is not there has no width."""

    seen: Scene
    gateways: Column
    homes: Column
    tunnels: Lanes
    middle: Lanes
    right: Lanes
    gateways_left: float
    tunnels_left: float
    middle_left: float
    lans_left: float
    lans_width: float
    homes_left: float
    width: float
    height: float


def layout(seen: Scene) -> Layout:
    """Everything in its place."""
    bundled = areas(seen)
    gateways = column(seen.gateways, bundled.leaving, TOP)
    homes = column(seen.homes, bundled.leaving, TOP)
    wires = Wires(gateways, homes)
    tunnels = _lanes(tuple(wires.tunnels(seen)))
    middle, right = _lanes(wires.middle(bundled.middle)), _lanes(wires.right(bundled.right))
    gateways_left = MARGIN + (INTERNET + _labels(seen, False) if seen.gateways else 0)
    tunnels_left = gateways_left + gateways.width
    middle_left = tunnels_left + tunnels.width + (LANE if tunnels.count else 0)
    lans_left = middle_left + middle.width
    lans_width = _lan_width(seen)
    # Without a gateway nothing but the LANs stands before the homes.
    homes_left = lans_left + (lans_width + _labels(seen, True) if lans_width else 0)
    width = homes_left + homes.width + right.width + MARGIN
    height = max(gateways.bottom, homes.bottom, TOP + 40) + 60
    return Layout(
        seen=seen,
        gateways=gateways,
        homes=homes,
        tunnels=tunnels,
        middle=middle,
        right=right,
        gateways_left=gateways_left,
        tunnels_left=tunnels_left,
        middle_left=middle_left,
        lans_left=lans_left,
        lans_width=lans_width,
        homes_left=homes_left,
        width=max(width, 560),
        height=height,
    )


def _lanes(lines: Sequence[Line]) -> Lanes:
    return Lanes(tuple(lines), lanes(lines))


def label(door: Door) -> str:
    """What stands above the arrow of a door."""
    remarks = [remark for remark in door.remarks if remark != "https"]
    text = "  ".join([door.label, *(f"· {remark}" for remark in remarks)])
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _labels(seen: Scene, lan: bool) -> float:
    """The room for the arrows from the Internet, or from LANs."""
    doors = [door for spot in seen.spots for door in spot.doors if (door.lan is not None) == lan]
    return max((text_width(label(door), PORT) for door in doors), default=0) + 36


def _lan_width(seen: Scene) -> float:
    lans = [lan for spot in seen.spots for lan in spot.lans]
    texts = [text for lan in lans for text in (f"LAN {lan.name}", *lan.prefixes)]
    return max((text_width(text, SMALL) for text in texts), default=-20) + 20
