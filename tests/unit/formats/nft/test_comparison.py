"""A set of one is its member, and neighbours are one."""

from warren.formats.nft.comparison import comparison, merged
from warren.formats.nft.expressions import AnonymousSet, Concat, Ct, Flags, Literal, Meta, Payload
from warren.formats.nft.values import Prefix, Span, Value

DPORT = Payload("tcp", "dport")


def members(*values: Value) -> AnonymousSet:
    return AnonymousSet(frozenset((value,) for value in values))


def test_a_set_of_one_is_its_member() -> None:
    assert comparison("==", DPORT, members(22)) == ("==", Literal(22))
    assert comparison("!=", DPORT, members(Span(1, 5))) == ("!=", Literal(Span(1, 5)))
    assert comparison("==", Ct("state"), members("new")) == ("in", Flags(frozenset(("new",))))
    assert comparison("!=", Ct("state"), members("new")) == ("!=", Flags(frozenset(("new",))))


def test_a_concatenation_of_one_stays_a_set() -> None:
    one = AnonymousSet(frozenset(((Prefix.of("10.0.0.1"), 80),)))
    assert comparison("==", Concat((Payload("ip", "saddr"), DPORT)), one) == ("==", one)


def test_neighbours_of_a_range_are_merged() -> None:
    assert comparison("==", DPORT, members(Span(80, 90), 91, 5)) == ("==", members(Span(80, 91), 5))
    assert merged(members(Prefix.of("10.0.0.0/24"), Prefix.of("10.0.1.0/24")).elements) == frozenset(
        ((Prefix.of("10.0.0.0/23"),),)
    )
    assert merged(members(Span(1, 9), Span(3, 4)).elements) == members(Span(1, 9)).elements


def test_single_numbers_and_names_stay() -> None:
    assert comparison("==", DPORT, members(22, 23)) == ("==", members(22, 23))
    assert comparison("==", Meta("iifname"), members("a", "v-*")) == ("==", members("a", "v-*"))
    assert merged(members(Span(1, 5), "http").elements) == members(Span(1, 5), "http").elements
