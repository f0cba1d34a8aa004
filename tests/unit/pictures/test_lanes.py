"""Lanes: two lines that would meet get two."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from warren.pictures.lanes import CLEAR, End, Line, Side, lanes

HEIGHTS = st.floats(0, 500, width=16)


def line(*heights: float) -> Line:
    hub, *spokes = (End(Side.LEFT, height) for height in heights)
    return Line(hub, tuple(spokes), "need-0")


def test_short_lines_are_inside_of_long_ones() -> None:
    assert lanes([line(0, 100), line(20, 40), line(60, 80), line(30, 70)]) == (2, 0, 0, 1)


def test_a_line_spans_all_its_ends() -> None:
    assert line(50, 20, 70).span == (20, 70)


@given(st.lists(st.tuples(HEIGHTS, HEIGHTS), max_size=12))
def test_no_two_lines_meet_in_a_lane(heights: list[tuple[float, float]]) -> None:
    lines = [line(*pair) for pair in heights]
    chosen = lanes(lines)
    for (one, first), (other, second) in combinations(zip(lines, chosen, strict=True), 2):
        apart = one.span[1] + CLEAR < other.span[0] or other.span[1] + CLEAR < one.span[0]
        assert first != second or apart
