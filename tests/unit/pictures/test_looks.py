"""Every kind has its colours by day and by night, and no colour is used twice for lines."""

from __future__ import annotations

from warren.pictures.looks import LINES, STYLE


def test_every_colour_is_there() -> None:
    names = {colour.name for colour in STYLE.colours} | {"none", None}
    assert {look.fill for look in STYLE.looks} | {look.stroke for look in STYLE.looks} <= names


def test_kinds_and_lines_are_distinct() -> None:
    kinds = [look.kind for look in STYLE.looks]
    assert len(set(kinds)) == len(kinds)
    assert len({day for day, _ in LINES}) == len({night for _, night in LINES}) == len(LINES)
    # The writer of SVG gives the heads of arrows this kind.
    assert "head" not in kinds
