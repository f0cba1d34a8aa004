"""The algebra of sets, against sets of numbers that are counted one by one."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from warren.prove.diagrams import ALL, NOTHING, Diagram, Space

LAST = (5, 3, 4)
EVERY = list(product(*(range(last + 1) for last in LAST)))
Box = tuple[tuple[int, int], ...]


def spans(last: int) -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(st.integers(0, last), st.integers(0, last)).map(lambda ends: (min(ends), max(ends)))


BOXES = st.lists(st.tuples(*(spans(last) for last in LAST)), max_size=6)


def made(space: Space, boxes: list[Box]) -> Diagram:
    found = NOTHING
    for box in boxes:
        one = ALL
        for level, span in enumerate(box):
            one = space.both(one, space.spans(level, [span]))
        found = space.either(found, one)
    return found


def members(boxes: list[Box]) -> set[tuple[int, ...]]:
    return {each for each in EVERY for box in boxes if all(a <= v <= b for v, (a, b) in zip(each, box, strict=True))}


def counted(space: Space, diagram: Diagram) -> set[tuple[int, ...]]:
    return {each for each in EVERY if space.holds(diagram, each)}


@given(BOXES, BOXES)
def test_the_algebra_is_that_of_sets(one: list[Box], other: list[Box]) -> None:
    space = Space(LAST)
    a, b = made(space, one), made(space, other)
    left, right = members(one), members(other)
    assert counted(space, a) == left
    assert counted(space, space.both(a, b)) == left & right
    assert counted(space, space.either(a, b)) == left | right
    assert counted(space, space.without(a, b)) == left - right
    assert space.union([a, b, NOTHING]) == space.either(b, a)


@given(BOXES)
def test_equal_sets_are_the_same_diagram(boxes: list[Box]) -> None:
    space = Space(LAST)
    a = made(space, boxes)
    assert made(space, list(reversed(boxes))) == a
    assert space.without(ALL, space.without(ALL, a)) == a
    assert space.either(a, space.without(ALL, a)) == ALL


@given(BOXES)
def test_boxes_are_disjoint_and_cover_the_set(boxes: list[Box]) -> None:
    space = Space(LAST)
    a = made(space, boxes)
    whole = [tuple(box.get(level, (0, last)) for level, last in enumerate(LAST)) for box in space.boxes(a)]
    assert members(whole) == members(boxes)
    assert sum(len(members([box])) for box in whole) == len(members(boxes))
    picked = space.pick(a)
    assert (picked is None) == (not boxes)
    if picked is not None:
        assert space.holds(a, [picked.get(level, 0) for level in range(len(LAST))])


@given(st.lists(st.integers(0, 400), max_size=60), st.lists(st.integers(0, 400), max_size=3))
def test_few_edges_against_many(many: list[int], few: list[int]) -> None:
    space = Space((400,))
    a, b = space.spans(0, [(n, n) for n in many]), space.spans(0, [(n, n + 3) for n in few if n < 390])
    left = set(many)
    right = {m for n in few if n < 390 for m in range(n, n + 4)}
    for found, wanted in (
        (space.both(a, b), left & right),
        (space.without(a, b), left - right),
        (space.without(b, a), right - left),
        (space.either(a, b), left | right),
    ):
        assert {n for n in range(401) if space.holds(found, [n])} == wanted


@given(BOXES, BOXES)
def test_what_is_forgotten_comes_to_the_same_again(one: list[Box], other: list[Box]) -> None:
    space = Space(LAST)
    a, b = made(space, one), made(space, other)
    levels = frozenset((1,))
    before = space.both(a, b), space.either(a, b), space.without(a, b), space.forget(a, levels)
    space.rest()
    assert before == (space.both(a, b), space.either(a, b), space.without(a, b), space.forget(a, levels))
