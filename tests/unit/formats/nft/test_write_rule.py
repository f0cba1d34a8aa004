"""Statements as text."""

import pytest

from warren.formats.nft.model import (
    Accept,
    Counter,
    CounterNamed,
    CtCount,
    CtTimeout,
    Dnat,
    Endpoint,
    Limit,
    Log,
    MapLookup,
    MarkLookup,
    MarkSet,
    Masquerade,
    Meta,
    Notrack,
    Payload,
    Prefix,
    Redirect,
    Reject,
    Rt,
    Rule,
    SetMss,
    SetReference,
    SetUpdate,
    Snat,
    Span,
    Statement,
    Unknown,
    VerdictMap,
)
from warren.formats.nft.write_rule import rule, statement

BY_NAME = MapLookup(Meta("iifname"), SetReference("m"))
RANDOM = frozenset(("random",))


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (VerdictMap(Meta("iifname"), SetReference("m")), "iifname vmap @m"),
        (MarkSet("meta", 0, 5), "meta mark set 0x00000005"),
        (MarkSet("ct", 0xFFFFFF, 0x10000000), "ct mark set ct mark & 0x00ffffff | 0x10000000"),
        (MarkSet("meta", 0xFFFFFFFF, 0, "ct"), "meta mark set ct mark"),
        (MarkSet("meta", 0xFFFFFFFF, 4), "meta mark set meta mark | 0x00000004"),
        (MarkLookup("ct", BY_NAME), "ct mark set iifname map @m"),
        (Dnat("ip", BY_NAME), "dnat ip to iifname map @m"),
        (Dnat(None, Endpoint(Prefix.of("fd00::1"), 80)), "dnat ip6 to [fd00::1]:80"),
        (Dnat(None, Endpoint(Span(1, 3, 6), Span(5, 9))), "dnat ip6 to [::1]-[::3]:5-9"),
        (Dnat(None, Endpoint(None, 80)), "dnat to :80"),
        (Snat(None, Endpoint(Prefix.of("10.0.0.1")), RANDOM), "snat ip to 10.0.0.1 random"),
        (Masquerade(Span(5, 9), RANDOM), "masquerade to :5-9 random"),
        (Redirect(8080), "redirect to :8080"),
        (CounterNamed("hits"), 'counter name "hits"'),
        (Limit(20, "second", 7, True), "limit rate over 20/second burst 7 packets"),
        (Limit(2000, "minute", 0, unit="bytes"), "limit rate 2000 bytes/minute"),
        (CtCount(5, True), "ct count over 5"),
        (CtTimeout("questions"), 'ct timeout set "questions"'),
        (
            SetUpdate("update", "m", Payload("ip", "saddr"), (Counter(),), 30),
            "update @m { ip saddr timeout 30s counter }",
        ),
        (Reject("tcp reset"), "reject with tcp reset"),
        (Reject(), "reject with icmpx port-unreachable"),
        (Log("hi ", "info", flags=frozenset(("ether",))), 'log prefix "hi " level info flags ether'),
        (SetMss(Rt("mtu")), "tcp option maxseg size set rt mtu"),
        (SetMss(1380), "tcp option maxseg size set 1380"),
        (Notrack(), "notrack"),
    ],
)
def test_statements(given: Statement, text: str) -> None:
    assert statement(given) == text


def test_a_rule_ends_with_its_comment() -> None:
    assert rule(Rule((Counter(), Accept()), 'a "b"')) == "counter accept comment \"a 'b'\""


def test_what_was_only_read_cannot_be_written() -> None:
    with pytest.raises(ValueError):
        statement(Unknown("{}"))
