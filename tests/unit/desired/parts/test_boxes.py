"""The law of boxes: the pieces cover the same ground, each place once, under the first label that claims it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product

from hypothesis import given
from hypothesis import strategies as st

from warren.desired.parts.boxes import Box, Span, disjoint, without

Place = tuple[int, ...]
SPANS = st.tuples(st.integers(0, 4), st.integers(0, 4)).map(lambda ends: (min(ends), max(ends)))
BOXES = st.builds(Box, SPANS, SPANS, SPANS)


def places(box: Box) -> Iterator[Place]:
    return product(*(range(first, last + 1) for first, last in box.sides))


def labels(boxes: list[tuple[Box, str]]) -> dict[Place, str]:
    """The first label of each place."""
    found: dict[Place, str] = {}
    for box, label in boxes:
        for place in places(box):
            found.setdefault(place, label)
    return found


@given(st.lists(st.tuples(BOXES, st.sampled_from("abc")), max_size=5))
def test_pieces_are_disjoint_and_cover_the_same(boxes: list[tuple[Box, str]]) -> None:
    pieces = disjoint(boxes)
    assert labels(pieces) == labels(boxes)
    assert sum(1 for box, _ in pieces for _ in places(box)) == len(labels(pieces))


@given(BOXES, BOXES)
def test_what_is_without_the_other_is_exactly_that(box: Box, other: Box) -> None:
    pieces = list(without(box, other))
    assert {place for piece in pieces for place in places(piece)} == set(places(box)) - set(places(other))
    assert len(pieces) <= 6
    assert not any(set(places(one)) & set(places(two)) for one, two in combinations(pieces, 2))


def test_what_does_not_meet_is_left_whole() -> None:
    one, other = box((1, 5), (80, 80)), box((6, 9), (80, 80))
    assert disjoint([(one, "a"), (other, "b")]) == [(one, "a"), (other, "b")]


def test_the_same_twice_is_once() -> None:
    one = box((1, 5), (80, 80))
    assert disjoint([(one, "a"), (one, "b")]) == [(one, "a")]


def test_a_hole_is_cut_along_its_sides() -> None:
    whole, hole = box((0, 9), (0, 65535)), box((5, 5), (443, 443))
    assert list(without(whole, hole)) == [
        box((0, 4), (0, 65535)),
        box((6, 9), (0, 65535)),
        box((5, 5), (0, 442)),
        box((5, 5), (444, 65535)),
    ]


def box(addresses: Span, ports: Span) -> Box:
    return Box(addresses, (6, 6), ports)
