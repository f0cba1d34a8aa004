"""The network as a drawing: the Internet, gateways, tunnels, homes with their services, and who may talk to whom.

In: a topology. Out: one self-contained SVG that reads by day and by night. Never needs a font or a script.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.formats import svg
from warren.formats.svg import Anchor, Circle, Drawing, Element, Group, Head, Path, Point, Rect, Text, text_width
from warren.pictures.lanes import End, Line, Side
from warren.pictures.layout import ASIDE, INTERNET, LANE, MARGIN, Lanes, Layout, label, layout
from warren.pictures.looks import STYLE
from warren.pictures.places import (
    ADDRESS,
    HEAD,
    NAME,
    NOTE,
    PAD,
    ROW,
    Column,
    PlacedBox,
    PlacedLan,
    PlacedSpot,
    behind,
    bold_width,
    title,
    way,
)
from warren.pictures.scene import Door, Slot, scene
from warren.topology.model import Topology

BEND = 9.0


def draw(topology: Topology) -> str:
    """The picture as text."""
    placed = layout(scene(topology))
    elements = (*_heading(placed), *_frames(placed), *_lines(placed), *_contents(placed), *_legend(placed))
    hosts = ", ".join(spot.name for spot in placed.seen.spots)
    return svg.write(
        Drawing(placed.width, placed.height, elements, STYLE, f"Network {placed.seen.title}", f"Hosts: {hosts}")
    )


def _heading(placed: Layout) -> Iterator[Element]:
    yield Text(MARGIN, 38, placed.seen.title, kind="heading")


def _columns(placed: Layout) -> tuple[tuple[Column, float, str], ...]:
    return (placed.gateways, placed.gateways_left, "gate"), (placed.homes, placed.homes_left, "home")


# ── hosts ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _frames(placed: Layout) -> Iterator[Element]:
    """What lies below the lines."""
    if placed.gateways.spots:
        top = placed.gateways.spots[0].top
        yield Rect(MARGIN, top, INTERNET, placed.gateways.bottom - top, 12, "net")
        yield Text(MARGIN + INTERNET / 2, top + HEAD / 2 + 7, "Internet", Anchor.MIDDLE, "host-name")
    for column, left, kind in _columns(placed):
        yield from (Rect(left, one.top, column.width, one.height, 12, kind) for one in column.spots)


def _contents(placed: Layout) -> Iterator[Element]:
    """What lies above the lines."""
    for column, left, _ in _columns(placed):
        for one in column.spots:
            yield from _head(one, left)
            yield from (_door(placed, door, height, left) for door, height in one.doors)
            yield from (_lan(placed, lan) for lan in one.lans if not one.spot.public)
            yield from (_box(box, left + PAD, column.width - 2 * PAD, one.spot.name) for box in one.boxes)


def _head(one: PlacedSpot, left: float) -> Iterator[Element]:
    yield Text(left + PAD + 2, one.top + HEAD / 2 + 7, title(one.spot), kind="host-name")
    for number, address in enumerate(one.spot.public):
        yield Text(left + PAD + 2, one.top + HEAD + ADDRESS * (number + 0.5) + 2, address, kind="address")


def _door(placed: Layout, door: Door, height: float, left: float) -> Element:
    """An arrow from outside, its port above it, and where it leads behind it."""
    start = MARGIN + INTERNET if door.lan is None else placed.lans_left + placed.lans_width
    kind, text = ("door", "into") if door.lan is None else ("lan-door", "into-lan")
    words = (
        Text((start + left) / 2 - 4, height - 4, label(door), Anchor.MIDDLE, text),
        Path(((start, height + 2), (left, height + 2)), head=Head.END, kind=kind),
        Text(left + PAD, height + 6, behind(door), kind=text),
    )
    inside = "the Internet" if door.lan is None else f"LAN {door.lan}"
    remarks = "".join(f", {remark}" for remark in door.remarks)
    return Group(words, f"{inside} ▸ {door.label} ▸ {door.service}.{door.slot}{remarks}")


def _lan(placed: Layout, one: PlacedLan) -> Element:
    left = placed.lans_left
    name = "LAN" if one.lan.name == "lan" else f"LAN {one.lan.name}"
    lines = [(name, "into-lan"), *((prefix, "address") for prefix in one.lan.prefixes)]
    first = one.top + one.height / 2 - NOTE * (len(lines) - 1) / 2 + 4
    texts = (
        Text(left + placed.lans_width / 2, first + NOTE * number, text, Anchor.MIDDLE, kind)
        for number, (text, kind) in enumerate(lines)
    )
    return Group((Rect(left, one.top, placed.lans_width, one.height, 8, "lan"), *texts))


def _box(one: PlacedBox, left: float, width: float, host: str) -> Element:
    box, right = one.box, left + width
    name = "the host itself" if box.name == host else box.name
    first = one.top + 5 + ROW / 2 + 4
    elements: list[Element] = [
        Rect(left, one.top, width, one.height, 6, "box"),
        Text(left + 12, first, name, kind="name"),
    ]
    if box.egress:
        elements.append(Text(left + 12 + bold_width(name, NAME) + 9, first, way(box), kind="small"))
    for number, word in enumerate(box.beyond):
        elements.append(Text(left + 12, first + ROW + NOTE * number, f"→ {word}", kind="small"))
    for slot in box.slots:
        elements.extend(_slot(slot, one.rows[slot.name], right))
    return Group(tuple(elements), "\n".join([name, *(f"{local}" for local in box.local)]))


def _slot(slot: Slot, height: float, right: float) -> Iterator[Element]:
    yield Text(right - 26, height + 4, f"{slot.name} {slot.number}", Anchor.END, "port")
    if slot.public:
        yield Circle(right - 14, height, 3.5, "public")
    if slot.lan:
        yield Circle(right - 14, height, 6, "beside")


# ── lines ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _lines(placed: Layout) -> Iterator[Element]:
    gates = placed.gateways_left + placed.gateways.width
    homes = placed.homes_left
    yield from _area(placed.middle, placed.middle_left, (gates, homes), PAD)
    yield from _area(placed.right, homes + placed.homes.width, (homes + placed.homes.width, placed.width), PAD)
    yield from _area(placed.tunnels, placed.tunnels_left, (gates, homes), 0)


def _area(area: Lanes, start: float, edges: tuple[float, float], inset: float) -> Iterator[Element]:
    """Long lines first, so that the short ones pass over them."""
    found = zip(area.lines, area.numbers, strict=True)
    for line, number in sorted(found, key=lambda pair: -pair[1]):
        yield from _line(line, start + ASIDE + LANE * number, edges, inset)


def _line(line: Line, lane: float, edges: tuple[float, float], inset: float) -> Iterator[Element]:
    hub = _edge(line.hub, edges, inset)
    for spoke in line.spokes:
        end = _edge(spoke, edges, inset)
        # The head is at the end of a path, so it starts where nothing is pointed at.
        first, last = (end, hub) if line.hub.arrow else (hub, end)
        points = (first, (lane, first[1]), (lane, last[1]), last) if first[1] != last[1] else (first, last)
        head = Head.END if spoke.arrow or line.hub.arrow else Head.NONE
        title = spoke.title or line.hub.title
        yield Group((Path(points, BEND, head, line.kind),), title)
    if line.kind != "tunnel":
        yield from (
            Circle(*_edge(end, edges, inset), 2.6, line.kind.replace("need", "end"))
            for end in (line.hub, *line.spokes)
            if not end.arrow
        )


def _edge(end: End, edges: tuple[float, float], inset: float) -> Point:
    """Where a line meets what it leads to: boxes stand a little inside of their host's frame."""
    return (edges[0] - inset, end.height) if end.side == Side.LEFT else (edges[1] + inset, end.height)


# ── legend ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _legend(placed: Layout) -> Iterator[Element]:
    height, left = placed.height - 24, MARGIN
    signs: tuple[tuple[str, str, bool], ...] = (
        ("tunnel", "WireGuard", bool(placed.tunnels.lines)),
        ("door", "open to the Internet", any(d.lan is None for s in placed.seen.spots for d in s.doors)),
        ("lan-door", "open to a LAN", any(d.lan for s in placed.seen.spots for d in s.doors)),
        ("need-0", "may connect", bool(placed.seen.permits)),
    )
    for kind, text, shown in signs:
        if shown:
            head = Head.NONE if kind == "tunnel" else Head.END
            yield Path(((left, height - 4), (left + 26, height - 4)), head=head, kind=kind)
            yield Text(left + 33, height, text, kind="small")
            left += 33 + text_width(text, 11) + 22
    yield Text(left, height, "▸ the way out", kind="small")
