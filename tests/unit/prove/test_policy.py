from __future__ import annotations

from warren.desired.items.route import IpRule, Route
from warren.prove.outside import Uplink
from warren.prove.policy import policy, tables


def test_rules_are_in_order_and_end_in_main() -> None:
    rules = policy([IpRule(4, 20, "fwmark 0x1/0xff iif a", "7"), IpRule(4, 10, "from 10.0.0.0/8", "unreachable")])
    assert [rule.priority for rule in rules[4]] == [10, 20, 32766]
    refuses, marked, last = rules[4]
    assert refuses.table is None and marked.mark == (1, 0xFF) and last.table == "main"
    assert marked.selects(0x101, "a") and not marked.selects(2, "a") and not marked.selects(1, "b")
    assert len(rules[6]) == 1


def test_a_selector_that_is_not_understood_selects_nothing() -> None:
    (rule, _) = policy([IpRule(4, 10, "ipproto tcp", "7")])[4]
    assert rule.unknown == "ipproto" and not rule.selects(0, "a")


def test_tables_have_the_longest_prefix_first_and_routes_before_refusals() -> None:
    routes = [Route("10.0.0.0/8", "7"), Route("10.0.0.0/8", "7", "a"), Route("10.1.0.0/16", "7", "b"),
              Route("10.2.0.0/16", "7", "gone")]  # fmt: skip
    found = tables(routes, [], {"a", "b"})[4, "7"]
    assert [str(entry) for entry in found] == [
        "10.1.0.0/16 dev b",
        "10.0.0.0/8 dev a",
        "unreachable 10.0.0.0/8",
    ]


def test_an_uplink_gives_its_prefixes_and_a_default_for_each_of_its_families() -> None:
    uplink = Uplink("h", "eth0", addresses=("192.168.1.10",), prefixes=("192.168.1.0/24",))
    found = tables([], [uplink], {"eth0"})
    assert [str(entry) for entry in found[4, "main"]] == ["192.168.1.0/24 dev eth0", "0.0.0.0/0 dev eth0"]
    assert (6, "main") not in found


def test_a_route_by_a_neighbour_is_written_with_it() -> None:
    (entry,) = tables([Route("0.0.0.0/0", "main", "eth0", "10.0.0.1")], [], {"eth0"})[4, "main"]
    assert str(entry) == "0.0.0.0/0 via 10.0.0.1 dev eth0"
