"""tree: where in the file a value stands."""

from __future__ import annotations

from warren.formats.yaml12 import parse
from warren.spec.tree import Tree

TREE = Tree(parse("a: 1\nb:\n  c: [x, {d: y}]\n  e: {f: z}\n", "f"))


def test_a_value_stands_where_it_is_and_a_collection_at_its_key() -> None:
    assert str(TREE.place(("a",))) == "f:1:4"
    assert str(TREE.place(("b", "c"))) == "f:3:3"
    assert str(TREE.place(("b", "c", 0))) == "f:3:7"
    assert str(TREE.place(("b", "c", 1))) == "f:3:10"
    assert str(TREE.place(("b", "c", 1, "d"))) == "f:3:14"
    assert str(TREE.place(("a",), key=True)) == "f:1:1"


def test_steps_of_a_shorthand_are_skipped() -> None:
    assert str(TREE.place(("b", "c", "long", 0, "form"))) == "f:3:7"
    assert str(TREE.place(("a", 0, "to"))) == "f:1:4"


def test_what_is_not_there_points_at_what_lacks_it() -> None:
    assert str(TREE.place(("b", "e", "g"))) == "f:4:3"
    assert str(TREE.place(("nothing",))) == "f:1:1"


def test_it_knows_what_the_file_says() -> None:
    assert TREE.holds(("b", "c", 1, "d"))
    assert not TREE.holds(("b", "c", 2))
    assert not TREE.holds(("a", "to"))
