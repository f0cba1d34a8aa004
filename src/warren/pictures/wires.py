"""Tunnels and permissions as lines between the two columns, and as lines beside the homes.

In: a scene, its bundles and the placed columns. Out: lines of two areas with heights but no lanes. Never draws.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from warren.pictures.bundles import Bundle, bundles
from warren.pictures.lanes import End, Line, Side
from warren.pictures.looks import LINES
from warren.pictures.places import LEAVING, Column, PlacedBox
from warren.pictures.scene import Permit, Scene

# Several lines to one port, and several tunnels at one host, arrive beside each other.
ARRIVING = (0.0, 5.0, -5.0)
LINK = 8.0


@dataclass(frozen=True, slots=True)
class Areas:
    """Bundles by where they run: `middle` between gateways and homes, `right` beside the homes."""

    middle: tuple[Bundle, ...]
    right: tuple[Bundle, ...]

    @property
    def leaving(self) -> Mapping[str, int]:
        """How many lines leave each box: at the side where more do."""
        sides = [
            Counter(source for bundle in area for source in _sources(bundle)) for area in (self.middle, self.right)
        ]
        return sides[0] | sides[1]


def areas(seen: Scene) -> Areas:
    """Every permission in its area; a box that is nowhere has none."""
    homes = {box.name for spot in seen.homes for box in spot.boxes}
    inside = [permit for permit in seen.permits if permit.source in homes and permit.target in homes]
    across = [permit for permit in seen.permits if permit.source not in homes or permit.target not in homes]
    return Areas(bundles(across), bundles(inside))


def _sources(bundle: Bundle) -> tuple[str, ...]:
    """The boxes that the line leaves: one where it fans out."""
    return tuple(dict.fromkeys(permit.source for permit in bundle.permits))


class Wires:
    """Makes the lines; each one that leaves a box gets the next place below its ports."""

    def __init__(self, gateways: Column, homes: Column) -> None:
        self.gateways, self.homes = gateways, homes
        self.used: Counter[tuple[str, ...]] = Counter()
        self.number = 0

    def tunnels(self, seen: Scene) -> Iterator[Line]:
        """One line for every gateway that is dialled."""
        left = {one.spot.name for one in self.gateways.spots}
        for gateway in (one.name for one in seen.gateways):
            dialers = [dialer for one, dialer in seen.tunnels if one == gateway]
            ends = tuple(
                self._link(one, Side.LEFT if one in left else Side.RIGHT, f"WireGuard: {one} dials {gateway}")
                for one in dialers
            )
            if ends:
                yield Line(self._link(gateway, Side.LEFT, ""), ends, "tunnel")

    def _link(self, host: str, side: Side, title: str) -> End:
        """Where the next tunnel meets a host."""
        spot = next(one for one in (*self.gateways.spots, *self.homes.spots) if one.spot.name == host)
        return End(side, spot.link + LINK * self._next("link", host), title=title)

    def _next(self, *what: str) -> int:
        """How many there were of this before."""
        self.used[what] += 1
        return self.used[what] - 1

    def middle(self, found: Sequence[Bundle]) -> list[Line]:
        """Gateways are to the left of these lines, homes to the right."""
        sides = {name: Side.LEFT for name in self.gateways.boxes} | {name: Side.RIGHT for name in self.homes.boxes}
        return [self._line(bundle, sides) for bundle in found]

    def right(self, found: Sequence[Bundle]) -> list[Line]:
        """Homes are to the left of these lines."""
        return [self._line(bundle, dict.fromkeys(self.homes.boxes, Side.LEFT)) for bundle in found]

    def _line(self, bundle: Bundle, sides: Mapping[str, Side]) -> Line:
        kind = f"need-{self.number % len(LINES)}"
        self.number += 1
        starts = {source: self._start(source, sides[source]) for source in _sources(bundle)}
        first = bundle.permits[0]
        if bundle.fans_out:
            spokes = (self._target(permit, sides[permit.target]) for permit in bundle.permits)
            return Line(starts[first.source], tuple(spokes), kind)
        spokes = (self._titled(starts[permit.source], permit) for permit in bundle.permits)
        return Line(self._target(first, sides[first.target]), tuple(spokes), kind)

    def _start(self, name: str, side: Side) -> End:
        return End(side, self._box(name).leaves + LEAVING * self._next("start", name, side.name))

    def _target(self, permit: Permit, side: Side) -> End:
        number = self._next("target", permit.target, permit.slot, side.name)
        height = self._box(permit.target).rows[permit.slot] + ARRIVING[number % len(ARRIVING)]
        return End(side, height, True, _title(permit))

    def _titled(self, end: End, permit: Permit) -> End:
        return End(end.side, end.height, end.arrow, _title(permit))

    def _box(self, name: str) -> PlacedBox:
        return self.gateways.boxes.get(name) or self.homes.boxes[name]


def _title(permit: Permit) -> str:
    return f"{permit.source} ▸ {permit.target}.{permit.slot}"
