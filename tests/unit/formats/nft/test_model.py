"""Equal meanings are equal values, and tables have one order."""

from warren.formats.nft.model import (
    Chain,
    Element,
    Literal,
    MarkSet,
    Meta,
    Prefix,
    Rule,
    Set,
    SetUpdate,
    Span,
    Table,
    span,
)


def test_a_prefix_knows_its_ends() -> None:
    prefix = Prefix.of("10.1.0.0/16")
    assert (prefix.first, prefix.last, str(prefix)) == (0x0A010000, 0x0A01FFFF, "10.1.0.0/16")
    assert str(Prefix.of("2001:db8::1")) == "2001:db8::1" and Prefix.of("::1").single


def test_equal_spans_are_equal_values() -> None:
    assert span(5, 5) == 5
    assert span(5, 6) == Span(5, 6)
    assert span(0x0A000000, 0x0AFFFFFF, 4) == Prefix.of("10.0.0.0/8")
    assert span(0x0A000001, 0x0A000002, 4) == Span(0x0A000001, 0x0A000002, 4)
    assert span(0, 2**128 - 1, 6) == Prefix.of("::/0")


def test_equal_marks_are_equal_values() -> None:
    assert MarkSet("meta", 0x10FFFFFF, 0x10000000) == MarkSet("meta", 0x00FFFFFF, 0x10000000, "meta")
    assert MarkSet("meta", 0, 1, "ct") == MarkSet("meta", 0, 1)
    assert MarkSet("meta", 0xFF000000, 0, "ct").source == "ct"


def test_a_table_orders_names_and_knows_what_is_dynamic() -> None:
    element = Element((Prefix.of("10.0.0.1"),))
    given = (
        Set("b", ("ipv4_addr",), elements=frozenset((element,))),
        Set("a", ("ipv4_addr",), flags=frozenset(("dynamic",)), elements=frozenset((element,))),
    )
    update = SetUpdate("update", "b", Literal(element.key[0]))
    chains = (Chain("z"), Chain("y", (Rule((update,)),)))
    table = Table("inet", "t", given, (), chains)
    assert [each.name for each in table.sets] == ["a", "b"]
    assert [each.volatile for each in table.sets] == [False, True]
    assert [len(each.elements) for each in table.sets] == [1, 0]
    assert table == Table("inet", "t", given[::-1], (), chains[::-1])
    assert table.chain("z") == Chain("z") and table.chain("x") is None
    assert set(table.lookups()) == {"a", "b"}
    assert Meta("mark") != Meta("iifname")
