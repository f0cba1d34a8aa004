"""Places of what is there and of what is missing; plain values."""

from __future__ import annotations

from warren.basis.diagnostic import Place
from warren.formats.yaml12 import Mapping, at, parse, plain


def test_plain_values_of_an_alias_are_not_shared() -> None:
    tree = plain(parse("a: &x [1]\nb: *x\n", "f"))
    assert isinstance(tree, dict)
    assert tree["a"] == tree["b"] == [1] and tree["a"] is not tree["b"]


def test_places_count_from_one() -> None:
    node = parse("a:\r\n  bé: [1, {c: 2}]\r\n", "f")
    assert at(node, ("a",)) == Place("f", 1, 1)
    assert at(node, ("a", "bé", 0)) == Place("f", 2, 8)
    assert at(node, ("a", "bé", 1, "c")) == Place("f", 2, 15)
    assert at(node, ("a", "bé", 1, "c"), key=True) == Place("f", 2, 12)


def test_the_place_of_what_is_missing_is_the_key_that_lacks_it() -> None:
    node = parse("a:\n  b: {c: 1}\n  d:\n    - x: 1\n", "f")
    assert at(node, ()) == Place("f", 1, 1)
    assert at(node, ("z",)) == Place("f", 1, 1)
    assert at(node, ("a", "b", "z")) == Place("f", 2, 3)
    assert at(node, ("a", "b", "z", 4, "y")) == Place("f", 2, 3)
    assert at(node, ("a", "d", 0, "z")) == Place("f", 4, 7)
    assert at(node, ("a", "d", 7)) == Place("f", 3, 3)
    assert at(node, ("a", "b", "c", "deeper")) == Place("f", 2, 7)


def test_get_finds_an_entry() -> None:
    node = parse("a: 1\nb: 2\n", "f")
    assert isinstance(node, Mapping)
    entry = node.get("b")
    assert entry is not None and entry.key_place == Place("f", 2, 1)
    assert node.get("c") is None
