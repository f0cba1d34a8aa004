"""A table: replaced in one transaction, changed by element, never flushed for an element."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.desired.reading import spoken
from warren.desired.items.file import File
from warren.desired.items.rules import Rules
from warren.formats.nft.model import Accept, Chain, Drop, Element, Hook, Prefix, Rule, Set, Table, Timeout

LINKS = Set("links", ("ifname",), elements=frozenset({Element(("v-a",)), Element(("v-b",))}))
FORWARD = Chain("forward", (Rule((Drop(),)),), Hook("filter", "forward", 0))
TABLE = Rules(Table("inet", "warren", (LINKS,), (), (FORWARD,)))


def with_links(*names: str) -> Rules:
    links = replace(LINKS, elements=frozenset(Element((name,)) for name in names))
    return Rules(replace(TABLE.table, sets=(links,)))


def test_it_is_made_in_one_transaction_whatever_was_there() -> None:
    (text,) = spoken(TABLE.create())
    assert text.startswith("nft add table inet warren\ndelete table inet warren\ntable inet warren {")


def test_an_element_more_is_one_line() -> None:
    assert spoken(with_links("v-a", "v-b", "v-c").change(TABLE)) == ['nft add element inet warren links { "v-c" }\n']


def test_what_goes_leaves_before_what_comes() -> None:
    assert spoken(with_links("v-a", "v-c").change(TABLE)) == [
        'nft delete element inet warren links { "v-b" }\nadd element inet warren links { "v-c" }\n'
    ]


def test_a_chain_is_filled_anew_in_the_same_transaction_as_it_is_emptied() -> None:
    new = Rules(replace(TABLE.table, chains=(replace(FORWARD, rules=(Rule((Accept(),)),)),)))
    assert spoken(new.change(TABLE)) == ["nft flush chain inet warren forward\nadd rule inet warren forward accept\n"]
    assert new.differences(TABLE) == ("~ chain forward",)


def test_nothing_differs_nothing_is_said() -> None:
    assert TABLE.change(TABLE) == ()
    assert TABLE.differences(TABLE) == ()


def test_differences_are_counted() -> None:
    assert with_links("v-c").differences(TABLE) == ("links +1 -2",)
    assert TABLE.differences(File("/a", "")) == ("another kind of thing",)
    assert TABLE.change(File("/a", "")) == TABLE.create()


def test_time_outs_are_named() -> None:
    kept = replace(TABLE.table, timeouts=(Timeout("soon", "udp", (("unreplied", 5),)),))
    assert Rules(kept).differences(TABLE) == ("+ ct timeout soon",)
    assert TABLE.differences(Rules(kept)) == ("- ct timeout soon",)


def test_only_this_table_goes() -> None:
    assert spoken(TABLE.remove()) == ["nft add table inet warren\ndelete table inet warren\n"]


def test_a_plan_tells_its_size() -> None:
    assert TABLE.key == "nft:warren"
    assert TABLE.describe() == "table inet warren: 1 rule, 2 elements"


def leading(*pairs: tuple[str, str, int, str]) -> Rules:
    """A table whose map leads public addresses, protocols and ports to addresses."""
    elements = frozenset(
        Element((Prefix.of(public), protocol, port), (Prefix.of(inner), port))
        for public, protocol, port, inner in pairs
    )
    key, data = ("ipv4_addr", "inet_proto", "inet_service"), ("ipv4_addr", "inet_service")
    return Rules(replace(TABLE.table, maps=(Set("expose4", key, data, elements=elements),)))


def test_where_a_map_led_connections_without_an_end_is_forgotten() -> None:
    old = leading(
        ("192.0.2.1", "udp", 1, "10.0.0.1"), ("192.0.2.1", "udp", 2, "10.0.0.1"), ("192.0.2.1", "tcp", 3, "10.0.0.1")
    )
    new = leading(("192.0.2.1", "udp", 1, "10.0.0.2"), ("192.0.2.1", "udp", 2, "10.0.0.1"))
    _, forgotten = spoken(new.change(old))
    assert forgotten == "conntrack -D -f ipv4 -p udp -d 192.0.2.1 -r 10.0.0.1 >/dev/null 2>&1 || :"
    assert len(spoken(leading(("192.0.2.1", "udp", 1, "10.0.0.1")).change(leading()))) == 1, "nothing led there"
    assert len(spoken(leading().change(leading(("192.0.2.1", "tcp", 3, "10.0.0.1"))))) == 1, "TCP ends by itself"
