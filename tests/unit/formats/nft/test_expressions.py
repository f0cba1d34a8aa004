"""Expressions are values: hashable, and equal when they are the same."""

from warren.formats.nft.expressions import AnonymousMap, Concat, Ct, Fib, MapLookup, Masked, Payload, SetReference
from warren.formats.nft.values import Accept, Element


def test_equal_expressions_are_one() -> None:
    lookup = MapLookup(Concat((Payload("ip", "daddr"), Payload("th", "dport"))), SetReference("dnat4"))
    again = MapLookup(Concat((Payload("ip", "daddr"), Payload("th", "dport"))), SetReference("dnat4"))
    assert len({lookup, again, Masked(Ct("mark"), 1), Masked(Ct("mark"), 2)}) == 3
    assert Fib("oif", frozenset(("saddr", "iif"))) == Fib("oif", frozenset(("iif", "saddr")))


def test_the_order_of_pairs_does_not_matter() -> None:
    pairs = [Element(("new",), Accept()), Element(("related",), Accept())]
    assert AnonymousMap(frozenset(pairs)) == AnonymousMap(frozenset(pairs[::-1]))
