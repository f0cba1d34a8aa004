"""Services as small boxes, side by side.

In: the boxes of one host and a width in letters. Out: lines. Never breaks a box, never looks at another host.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from warren.pictures.lines import cut
from warren.pictures.scene import Box, Slot

GAP = "  "
NARROWEST = 14


def flow(boxes: Sequence[Box], width: int, host: str) -> Iterator[str]:
    """All boxes in rows; boxes of one row are equally high, all are equally wide."""
    if not boxes:
        return
    inner = min(max(_width(box, host) for box in boxes), width - 4)
    each = max((width + len(GAP)) // (inner + 4 + len(GAP)), 1)
    if len(boxes) > each:
        # Rows that are full end where the frame does.
        inner = (width + len(GAP)) // each - len(GAP) - 4
    for start in range(0, len(boxes), each):
        row = boxes[start : start + each]
        height = max(1, *(len(box.slots) for box in row))
        for parts in zip(*(_drawn(box, inner, height, host) for box in row), strict=True):
            yield GAP.join(parts)


def _title(box: Box, host: str) -> str:
    return "the host itself" if box.name == host else box.name


def _width(box: Box, host: str) -> int:
    """The width inside the box, without its edges and the blanks beside them."""
    name, number = _columns(box)
    return max(NARROWEST, len(_title(box, host)) + 2, len(_way(box)) + 2, name + number + 3)


def _columns(box: Box) -> tuple[int, int]:
    names, numbers = (len(slot.name) for slot in box.slots), (len(slot.number) for slot in box.slots)
    return max(names, default=0), max(numbers, default=0)


def _way(box: Box) -> str:
    return f"▸ {box.egress}" if box.egress else ""


def _drawn(box: Box, inner: int, height: int, host: str) -> Iterator[str]:
    title = cut(_title(box, host), inner - 1)
    yield f"┌ {title} {'─' * (inner - len(title))}┐"
    for index in range(height):
        line = _slot(box.slots[index], box) if index < len(box.slots) else ""
        yield f"│ {cut(line, inner):<{inner}} │"
    way = cut(_way(box), inner - 1)
    yield f"└{'─' * (inner - len(way))} {way} ┘" if way else f"└{'─' * (inner + 2)}┘"


def _slot(slot: Slot, box: Box) -> str:
    return f"{_mark(slot)} {slot.name:<{_columns(box)[0]}} {slot.number}"


def _mark(slot: Slot) -> str:
    if slot.public:
        return "◐" if slot.lan else "●"
    return "○" if slot.lan else "·"
