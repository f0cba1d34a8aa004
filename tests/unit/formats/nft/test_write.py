"""Tables and changes as text, in proportion to what changes, and quickly."""

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from warren.formats.nft import write
from warren.formats.nft.model import (
    Accept,
    Chain,
    Counter,
    CtTimeout,
    Drop,
    Element,
    Hook,
    Jump,
    Prefix,
    Rule,
    Set,
    Table,
    Timeout,
    Unknown,
)

PORTS = Set("ports", ("inet_service",), elements=frozenset((Element((80,), None, "web"), Element((22,)))))
INGRESS = Set("ingress", ("ifname",), ("verdict",), elements=frozenset((Element(("eth0",), Jump("in")),)))
FORWARD = Chain("forward", (Rule((Counter(), Drop()), "why"),), Hook("filter", "forward", 0, "drop"))
TABLE = Table("inet", "warren", (PORTS,), (INGRESS,), (FORWARD, Chain("in")), ("hits",))
TEXT = """\
table inet warren {
	counter hits {
	}

	set ports {
		type inet_service
		elements = { 22, 80 comment "web" }
	}

	map ingress {
		type ifname : verdict
		elements = { "eth0" : jump in }
	}

	chain forward {
		type filter hook forward priority 0; policy drop;
		counter drop comment "why"
	}

	chain in {
	}
}
"""


def lines(old: Table, new: Table) -> list[str]:
    return (write.changes(old, new) or "").splitlines()


def test_a_table_is_written_as_nft_lists_it() -> None:
    assert write.table(TABLE) == TEXT
    assert write.replace(TABLE) == f"add table inet warren\ndelete table inet warren\n{TEXT}"
    assert write.remove(TABLE) == "add table inet warren\ndelete table inet warren\n"


def test_a_declaration() -> None:
    meter = Set("meter", ("ipv4_addr", "mark"), None, frozenset(("timeout",)), 9, 60, True)
    declared = "type ipv4_addr . mark; size 9; flags timeout; timeout 60s; counter"
    assert lines(Table("inet", "t"), Table("inet", "t", (meter,))) == [f"add set inet t meter {{ {declared}; }}"]


def test_nothing_to_change() -> None:
    assert write.changes(TABLE, TABLE) is None


def test_elements_change_by_element() -> None:
    new = replace(TABLE, sets=(replace(PORTS, elements=frozenset((Element((80,)), Element((22,))))),))
    assert lines(TABLE, new) == [
        "delete element inet warren ports { 80 }",
        "add element inet warren ports { 80 }",
    ]


def test_chains_change_by_chain() -> None:
    new = replace(TABLE, chains=(FORWARD, Chain("in", (Rule((Accept(),)), Rule((Drop(),))))))
    assert lines(TABLE, new) == [
        "flush chain inet warren in",
        "add rule inet warren in accept",
        "add rule inet warren in drop",
    ]


def test_a_policy_changes_in_place() -> None:
    new = replace(TABLE, chains=(replace(FORWARD, hook=Hook("filter", "forward", 0)), Chain("in")))
    assert lines(TABLE, new)[0] == (
        "add chain inet warren forward { type filter hook forward priority 0; policy accept; }"
    )


def test_new_names_come_first_and_old_ones_go_last() -> None:
    other = Table(
        "inet", "warren", (replace(PORTS, name="gates"),), (), (Chain("free", (Rule((Jump("far"),)),)), Chain("far"))
    )
    assert lines(TABLE, other) == [
        "add set inet warren gates { type inet_service; }",
        "add chain inet warren far",
        "add chain inet warren free",
        "flush chain inet warren forward",
        "flush chain inet warren in",
        "add rule inet warren free jump far",
        'add element inet warren gates { 22, 80 comment "web" }',
        "delete map inet warren ingress",
        "delete set inet warren ports",
        "delete chain inet warren forward",
        "delete chain inet warren in",
        "delete counter inet warren hits",
    ]


def test_what_cannot_change_in_place_is_replaced() -> None:
    declared = replace(TABLE, sets=(replace(PORTS, size=9),))
    hooked = replace(TABLE, chains=(replace(FORWARD, hook=Hook("filter", "input", 0)), Chain("in")))
    foreign = replace(TABLE, sets=(replace(PORTS, elements=frozenset((Element((Unknown("{}"),)),))),))
    assert write.changes(TABLE, declared) == write.replace(declared)
    assert write.changes(TABLE, hooked) == write.replace(hooked)
    assert write.changes(foreign, TABLE) == write.replace(TABLE)


def test_foreign_rules_are_flushed_and_never_written() -> None:
    foreign = replace(TABLE, chains=(FORWARD, Chain("in", (Rule((Unknown("{}"),)),))))
    assert lines(foreign, TABLE) == ["flush chain inet warren in"]
    with pytest.raises(ValueError):
        write.changes(TABLE, foreign)


@pytest.mark.parametrize("word", ["a;b", "x y", "a\nb", "{"])
def test_nothing_breaks_out(word: str) -> None:
    for given in (
        Table("inet", word),
        Table("inet", "t", (Set(word, ("mark",)),)),
        Table("inet", "t", (Set("s", (word,)),)),
        Table("inet", "t", (Set("s", ("ifname",), elements=frozenset((Element((word,)),))),)),
        Table("inet", "t", (Set("s", ("inet_proto",), elements=frozenset((Element((word,)),))),)),
        Table("inet", "t", (), (Set("m", ("mark",), ("verdict",), elements=frozenset((Element((1,), Jump(word)),))),)),
        Table("inet", "t", (), (), (Chain(word),)),
    ):
        with pytest.raises(ValueError):
            write.table(given)


def many(first: int) -> Table:
    types = ("ipv4_addr", "ipv4_addr", "inet_proto", "inet_service")
    keys = (
        (Prefix(4, 0x0A000000 + n, 32), Prefix(4, 0x0B000000 + n, 32), "tcp", 5) for n in range(first, first + 10000)
    )
    return Table("inet", "warren", (Set("permit4", types, elements=frozenset(Element(key) for key in keys)),))


def best(action: Callable[[], object], times: int = 5) -> float:
    """The shortest time: a busy machine only ever makes it longer."""
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        action()
        spent.append(time.perf_counter() - start)
    return min(spent)


def test_ten_thousand_elements_are_quick() -> None:
    # Ten times what it takes: it tells what grows with the square, not what the machine does besides.
    old, new = many(0), many(10)
    assert best(lambda: write.table(old)) < 1.5
    assert best(lambda: write.changes(old, new)) < 1
    assert [line.count(",") for line in lines(old, new)] == [9, 9]
    assert max(map(len, write.table(old).splitlines())) < 30000


QUESTIONS = Timeout("questions", "udp", (("unreplied", 5), ("replied", 9)))
KEPT = """\
	ct timeout questions {
		protocol udp
		l3proto inet
		policy = { replied : 9, unreplied : 5 }
	}
"""


def test_time_outs_are_there_before_the_rules_that_give_them_and_go_after_them() -> None:
    rule = Rule((CtTimeout("questions"),))
    kept = replace(TABLE, chains=(FORWARD, Chain("in", (rule,))), timeouts=(QUESTIONS,))
    assert KEPT in write.table(kept)
    assert lines(TABLE, kept) == [
        "add ct timeout inet warren questions { protocol udp; l3proto inet; policy = { replied : 9, unreplied : 5 }; }",
        "flush chain inet warren in",
        'add rule inet warren in ct timeout set "questions"',
    ]
    assert lines(kept, TABLE) == ["flush chain inet warren in", "delete ct timeout inet warren questions"]
