"""Overlapping ports as few ranges: the same numbers, each once, and no other key's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warren.desired.parts.firewall.merge import merged, spans
from warren.formats.nft.model import Element, Prefix, Value, span

SPANS = st.lists(st.tuples(st.integers(1, 40), st.integers(1, 40)).map(lambda ends: (min(ends), max(ends))))
WEB = Prefix.of("10.86.0.2")


def element(port: Value, protocol: str = "tcp", why: str | None = None) -> Element:
    return Element((WEB, protocol, port), None, why)


@given(SPANS)
def test_the_same_numbers_in_order_and_never_touching(given: list[tuple[int, int]]) -> None:
    found = spans(given)
    assert [n for first, last in found for n in range(first, last + 1)] == sorted(
        {n for first, last in given for n in range(first, last + 1)}
    )
    assert all(one[1] + 1 < two[0] for one, two in zip(found, found[1:], strict=False))


def test_ranges_of_one_key_become_one() -> None:
    assert merged([element(span(80, 90)), element(span(85, 99)), element(100)]) == {element(span(80, 100))}


def test_other_keys_are_left_alone() -> None:
    given = {element(span(80, 90)), element(span(85, 99), "udp"), Element(("wrn-vps", WEB, "tcp", 85))}
    assert merged(given) == given


def test_one_port_stays_a_number() -> None:
    assert merged([element(80), element(80)]) == {element(80)}


def test_the_comment_does_not_depend_on_the_order() -> None:
    one, other = element(80, why="a -> b"), element(81, why="c -> b")
    assert merged([one, other]) == merged([other, one])
    assert {each.comment for each in merged([one, other])} == {"a -> b"}


def test_what_is_no_port_is_refused() -> None:
    with pytest.raises(ValueError, match="is not a port"):
        merged([Element((WEB, "tcp"))])
