"""Tables have one order, and know which of their sets the kernel fills."""

from warren.formats.nft.model import Chain, Element, Literal, Prefix, Rule, Set, SetUpdate, Table


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
