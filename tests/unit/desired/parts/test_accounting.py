"""Counters of their own table, which no change of the file touches."""

from __future__ import annotations

from dataclasses import replace

from tests.topologies import everything, host, joined, many_services, two_hosts
from tests.unit.desired.reading import at, lines, members, view_of
from warren.desired.parts.accounting import AFTER_THE_VERDICT, accounting
from warren.formats.nft.model import Table
from warren.topology.model import Topology


def counters(topology: Topology, name: str) -> Table:
    (rules,) = accounting(view_of(topology, name))
    return rules.table


def test_it_is_not_the_table_of_the_rules() -> None:
    assert counters(two_hosts(), "home").name == "warren_count"


def test_no_service_need_or_exposure_touches_it() -> None:
    assert counters(many_services(2), "home") == counters(many_services(30), "home")
    bare = replace(everything(), permissions=(), exposures=())
    assert counters(bare, "home") == counters(everything(), "home")


def test_only_what_passed_the_rules_is_counted() -> None:
    chain = counters(two_hosts(), "vps").chain("count")
    assert chain and chain.hook
    assert (chain.hook.hook, chain.hook.priority) == ("forward", AFTER_THE_VERDICT)
    assert AFTER_THE_VERDICT > 0


def test_it_never_judges() -> None:
    for name in everything().hosts:
        for chain in counters(everything(), name).chains:
            assert not any(
                word in line for line in lines(counters(everything(), name), chain.name) for word in ("drop", "accept")
            )


def test_a_packet_between_two_services_counts_for_both() -> None:
    assert lines(counters(two_hosts(), "vps"), "count") == [
        "ip saddr 10.86.0.0/16 update @out4 { ip saddr . oifname }",
        "ip daddr 10.86.0.0/16 update @in4 { ip daddr . iifname }",
        "ip6 saddr fd86:86:86::/48 update @out6 { ip6 saddr . oifname }",
        "ip6 daddr fd86:86:86::/48 update @in6 { ip6 daddr . iifname }",
    ]
    assert lines(counters(everything(), "home"), "count") == [
        "ip saddr 10.86.0.0/16 jump outward4",
        "ip daddr 10.86.0.0/16 jump inward4",
        "ip6 saddr fd86:86:86::/48 jump outward6",
        "ip6 daddr fd86:86:86::/48 jump inward6",
    ]


def test_the_lan_is_counted_apart_and_once() -> None:
    home = counters(everything(), "home")
    assert members(home, "lans4") == ["192.168.2.0/24"]
    outward = lines(home, "outward4")
    assert at(outward, "@lans4", "@out_lan4", "return") < at(outward, "update @out4")
    assert outward[-1] == "update @out4 { ip saddr . oifname }"
    assert counters(everything(), "vps").chain("outward4") is None


def test_lans_that_overlap_are_one_interval() -> None:
    home = host("home", 1, lan="192.168.2.0/24")
    inner = replace(home.lans[0], name="inner", prefixes=host("x", 9, lan="192.168.2.128/25").lans[0].prefixes)
    topology = joined([replace(home, lans=(*home.lans, inner))], [])
    assert members(counters(topology, "home"), "lans4") == ["192.168.2.0/24"]


def test_what_the_kernel_fills_has_a_bound_and_a_counter() -> None:
    table = counters(everything(), "home")
    filled = [each for each in table.sets if each.volatile]
    assert {each.name for each in filled} == {
        f"{way}{lan}{version}" for way in ("in", "out") for lan in ("", "_lan") for version in (4, 6)
    }
    assert all(each.counter and each.size == 65535 for each in filled)
