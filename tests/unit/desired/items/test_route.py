"""Routes and rules of ours, by the kernel's words; those of others are not seen."""

from __future__ import annotations

import pytest

from tests.unit.desired.reading import spoken
from warren.desired.items.route import IpRule, Route, observed_routes, observed_rules
from warren.desired.model import Rank
from warren.formats.iproute import RouteLine, RuleLine

ROUTES = [
    (Route("10.86.0.0/16", "8600"), "unreachable 10.86.0.0/16 table 8600 proto 86 metric 4278198272", Rank.FALLBACK),
    (Route("0.0.0.0/0", "8601", "wrn-vps"), "0.0.0.0/0 dev wrn-vps table 8601 proto 86", Rank.ROUTE),
    (
        Route("10.86.1.3/32", "8600", "v-db", source="10.86.1.1"),
        "10.86.1.3/32 dev v-db table 8600 proto 86 src 10.86.1.1",
        Rank.LINK_ROUTE,
    ),
    (Route("10.86.1.1/32", device="eth0", netns="db"), "10.86.1.1/32 dev eth0 table main proto 86", Rank.INNER_ROUTE),
    (
        Route("::/0", device="eth0", via="fd86::1", netns="db"),
        "::/0 via fd86::1 dev eth0 table main proto 86",
        Rank.INNER_DEFAULT,
    ),
]


@pytest.mark.parametrize(("route", "words", "rank"), ROUTES)
def test_the_words_and_the_rank_of_a_route(route: Route, words: str, rank: Rank) -> None:
    place = f" -n {route.netns}" if route.netns else ""
    assert spoken(route.create()) == [f"ip{place} route add {words}"]
    assert spoken(route.change(route)) == [f"ip{place} route replace {words}"]
    assert spoken(route.remove()) == [f"ip{place} route del {words}"]
    assert route.rank is rank


def test_a_route_goes_with_its_link() -> None:
    assert [route.inside for route, _, _ in ROUTES] == [None, "link:wrn-vps", "link:v-db", "link:v-db", "link:v-db"]


def test_a_route_and_the_refusal_behind_it_are_two_things() -> None:
    assert Route("::/0", "8601", "wrn-vps").key != Route("::/0", "8601").key


def test_the_same_prefix_in_two_places_is_two_things() -> None:
    keys = {Route("::/0", table, "eth0", netns=netns).key for table in ("main", "8600") for netns in (None, "a", "b")}
    assert len(keys) == 6


def test_what_differs_is_named() -> None:
    old = Route("::/0", "8601", "wrn-edge", source="fd86::1")
    assert Route("::/0", "8601", "wrn-vps").differences(old) == (
        "device wrn-edge -> wrn-vps",
        "source fd86::1 -> None",
    )


def test_a_rule_looks_up_or_refuses() -> None:
    rule = IpRule(4, 8601, "fwmark 0x10000000/0xff000000", "8601")
    assert spoken(rule.create()) == ["ip -4 rule add pref 8601 fwmark 0x10000000/0xff000000 lookup 8601 protocol 86"]
    assert spoken(IpRule(6, 8612, "to fd86::/48", "unreachable").remove()) == [
        "ip -6 rule del pref 8612 to fd86::/48 unreachable protocol 86"
    ]


def test_a_rule_that_leads_elsewhere_is_another_one() -> None:
    # Both are there while a plan is carried out, so the new one comes before the old one goes.
    one, other = IpRule(4, 8601, "iif lo", "8600"), IpRule(4, 8601, "iif lo", "8601")
    assert one.key != other.key
    assert one.change(other) == ()


def test_what_was_made_is_read_back_as_the_same() -> None:
    lines = [
        RouteLine("unicast", "10.86.1.3/32", "8600", "v-db", None, "10.86.1.1", "86", None),
        RouteLine("unreachable", "::/0", "8601", "lo", None, None, "86", 4278198272),
    ]
    assert list(observed_routes(lines)) == [ROUTES[2][0], Route("::/0", "8601")]
    assert [each.netns for each in observed_routes(lines, "db")] == ["db", "db"]
    rules = [RuleLine(8600, "iif lo", "8600", "86"), RuleLine(8601, "to 10.86.0.0/16", "unreachable", "86")]
    assert list(observed_rules(rules, 4)) == [
        IpRule(4, 8600, "iif lo", "8600"),
        IpRule(4, 8601, "to 10.86.0.0/16", "unreachable"),
    ]


@pytest.mark.parametrize("protocol", ["kernel", "boot", "static", "bird", "861", ""])
def test_those_of_others_are_not_seen(protocol: str) -> None:
    assert list(observed_routes([RouteLine("unicast", "::/0", "8600", "wrn-vps", None, None, protocol, None)])) == []
    assert list(observed_rules([RuleLine(8600, "iif lo", "8600", protocol)], 4)) == []
