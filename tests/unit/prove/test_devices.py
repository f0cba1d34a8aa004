from __future__ import annotations

from warren.prove.devices import Devices, agree, one
from warren.prove.diagrams import ALL, NOTHING, Diagram, Space

SPACE = Space((9, 9))
PAIRS = Devices(0, {"a": ((1, 1), (5, 6)), "b": ((2, 4),)})
LATER = Devices(1, {"a": ((0, 3),), "b": ((4, 9),)})


def numbers(diagram: Diagram, second: int = 0) -> list[int]:
    return [number for number in range(10) if SPACE.holds(diagram, (number, second))]


def test_a_single_device_concerns_all_headers_or_none() -> None:
    alone = one("a")
    assert (alone.single, PAIRS.single) == ("a", None)
    assert (alone.of(SPACE, "a"), alone.of(SPACE, "b"), alone.everything(SPACE)) == (ALL, NOTHING, ALL)
    assert alone.among(SPACE, {"b", "c"}) == NOTHING


def test_each_of_several_has_its_own_headers() -> None:
    assert numbers(PAIRS.of(SPACE, "a")) == [1, 5, 6] and PAIRS.of(SPACE, "c") == NOTHING
    assert numbers(PAIRS.among(SPACE, {"b", "c"})) == [2, 3, 4]
    assert numbers(PAIRS.everything(SPACE)) == [1, 2, 3, 4, 5, 6]


def test_two_agree_where_they_name_the_same_device() -> None:
    assert agree(SPACE, PAIRS, PAIRS) == PAIRS.everything(SPACE)
    assert agree(SPACE, one("b"), PAIRS) == agree(SPACE, PAIRS, one("b")) == PAIRS.of(SPACE, "b")
    assert agree(SPACE, PAIRS, one("c")) == NOTHING
    both = agree(SPACE, PAIRS, LATER)
    assert (numbers(both, 3), numbers(both, 4)) == ([1, 5, 6], [2, 3, 4])


def test_devices_that_are_gone_do_not_answer_for_new_ones() -> None:
    for last in range(10):
        other = Devices(0, {"a": ((0, last),)})
        assert numbers(agree(SPACE, PAIRS, other)) == [each for each in (1, 5, 6) if each <= last]
        del other
