"""Rules, routes and tunnels lead back to lines of the file."""

from __future__ import annotations

import pytest

from tests.networks import example
from tests.unit.explain.asking import NAME, asked, line_of
from warren.explain.origin import Origin, sets

LIMITED = "ct state new ip daddr . meta l4proto . th dport @limited_20_1_v4 update @meter_20_1_v4 drop"


def origin(source: str, target: str) -> Origin:
    return Origin(example(NAME), asked(source, target)[0])


@pytest.mark.parametrize(
    ("source", "target", "rule", "line"),
    [
        ("cloud", "db", "ip saddr . ip daddr . meta l4proto . th dport @permit4 accept", "- db.sql\n"),
        ("internet", "game.query", "ct status dnat ip daddr @exposed4 accept", "port: 12346"),
        ("internet", "game.query", LIMITED, "port: 12346"),
        ("cloud", "internet", "oifname . ip saddr @leaves_through4 ip daddr != @special4 accept", "  cloud:"),
        ("internet", "db", "meta l4proto . th dport @allowed accept", "  vps:"),
        ("internet", "db", "counter drop", "  vps:"),
    ],
)
def test_rules(source: str, target: str, rule: str, line: str) -> None:
    found = origin(source, target).of_rule("vps", rule)
    assert found is not None
    assert found.line == line_of(line.removesuffix("\n"))


def test_routes_tunnels_and_listeners() -> None:
    of = origin("internet", "game.query")
    assert [place.line if place else None for place in (
        of.route("home", "10.86.1.4 dev v-game table 8600"),
        of.route("vps", "10.86.1.0/24 dev wrn-vps table 8601"),
        of.tunnel("wrn-vps", "vps", "home"),
        of.tunnel("wrn-vps", "vps", "nobody"),
        of.listener("game", 12346),
        of.listener("home", 3306),
        of.host("nowhere"),
    )] == [
        line_of("  game:"), line_of("  vps:"), line_of("  home:"), None,
        line_of("query: 12346"), line_of("mysql: 3306"), None,
    ]  # fmt: skip


def test_sets_are_named_without_their_family() -> None:
    assert sets("ip saddr @permit4 oifname @links") == ("permit", "links")
    assert sets(LIMITED) == ("limited_20_1_v", "meter_20_1_v")
    assert sets(None) == ()
