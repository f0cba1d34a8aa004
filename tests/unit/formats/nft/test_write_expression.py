"""Expressions as text."""

import pytest

from warren.formats.nft.model import (
    AnonymousMap,
    AnonymousSet,
    Concat,
    Ct,
    Drop,
    Element,
    Expression,
    Fib,
    Flags,
    Literal,
    MapLookup,
    Masked,
    Match,
    Meta,
    Numgen,
    Payload,
    Prefix,
    Rt,
    SetReference,
    Span,
    Unknown,
)
from warren.formats.nft.write_expression import expression, mapped, match

SYN = Flags(frozenset(("syn",)))
BOTH = Flags(frozenset(("ack", "syn")))


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (Meta("iifname"), "iifname"),
        (Meta("mark"), "meta mark"),
        (Payload("ip", "frag-off"), "ip frag-off"),
        (Ct("ip saddr", "original"), "ct original ip saddr"),
        (Fib("oif", frozenset(("iif", "saddr"))), "fib saddr . iif oif"),
        (Rt("mtu"), "rt mtu"),
        (Numgen("inc", 5, 2), "numgen inc mod 5 offset 2"),
        (Concat((Meta("iifname"), Payload("ip", "saddr"))), "iifname . ip saddr"),
        (Masked(Ct("mark"), 0xFF), "ct mark & 0x000000ff"),
        (Masked(Payload("ip", "saddr"), 0xFFFFFF00), "ip saddr & 255.255.255.0"),
        (Masked(Payload("ip6", "saddr"), (1 << 128) - (1 << 64)), "ip6 saddr & ffff:ffff:ffff:ffff::"),
        (Masked(Payload("tcp", "flags"), BOTH), "tcp flags & (syn | ack)"),
        (MapLookup(Meta("iifname"), SetReference("m")), "iifname map @m"),
    ],
)
def test_expressions(given: Expression, text: str) -> None:
    assert expression(given) == text


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (Match("==", Meta("iifname"), Literal("v-*")), 'iifname "v-*"'),
        (Match("!=", Meta("iifname"), SetReference("s")), "iifname != @s"),
        (Match("in", Ct("state"), BOTH), "ct state syn,ack"),
        (Match("!", Ct("status"), Flags(frozenset(("dnat",)))), "ct status ! dnat"),
        (Match("==", Payload("tcp", "flags"), BOTH), "tcp flags == syn | ack"),
        (Match("!=", Masked(Payload("tcp", "flags"), BOTH), SYN), "tcp flags & (syn | ack) != syn"),
        (Match("==", Masked(Ct("mark"), 0xF0), Literal(0x10)), "ct mark & 0x000000f0 == 0x00000010"),
        (Match("==", Fib("oif", frozenset(("saddr",))), Literal("missing")), "fib saddr oif missing"),
        (Match(">=", Payload("th", "dport"), Literal(5)), "th dport >= 5"),
        (Match("==", Payload("ip", "saddr"), Literal(Prefix.of("10.0.0.0/8"))), "ip saddr 10.0.0.0/8"),
        (
            Match("==", Payload("tcp", "dport"), AnonymousSet(frozenset(((22,), (Span(80, 90),))))),
            "tcp dport { 22, 80-90 }",
        ),
    ],
)
def test_matches(given: Match, text: str) -> None:
    assert match(given) == text


def test_a_map_without_a_name() -> None:
    pairs = AnonymousMap(frozenset((Element((5,), Drop()), Element((4,), (Prefix.of("10.0.0.1"), 80)))))
    assert mapped(pairs, Payload("th", "dport")) == "{ 4 : 10.0.0.1 . 80, 5 : drop }"


def test_what_was_only_read_cannot_be_written() -> None:
    with pytest.raises(ValueError):
        expression(Unknown("{}"))
