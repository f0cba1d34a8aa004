"""Expressions from JSON."""

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
    Rt,
    SetReference,
    Span,
    Unknown,
)
from warren.formats.nft.read_expression import expression, mapped, match
from warren.formats.nft.read_value import Json

FLAGS: Json = {"payload": {"protocol": "tcp", "field": "flags"}}
STATE: Json = {"ct": {"key": "state"}}
MARK: Json = {"ct": {"key": "mark"}}
DPORT: Json = {"payload": {"protocol": "tcp", "field": "dport"}}
FIB: Json = {"fib": {"result": "oif", "flags": ["saddr", "iif"]}}


def flags(*names: str) -> Flags:
    return Flags(frozenset(names))


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"meta": {"key": "iifname"}}, Meta("iifname")),
        (DPORT, Payload("tcp", "dport")),
        ({"ct": {"key": "ip saddr", "dir": "original"}}, Ct("ip saddr", "original")),
        ({"ct": {"key": "saddr", "family": "ip6", "dir": "reply"}}, Ct("ip6 saddr", "reply")),
        (FIB, Fib("oif", frozenset(("saddr", "iif")))),
        ({"rt": {"key": "mtu"}}, Rt("mtu")),
        ({"numgen": {"mode": "random", "mod": 100, "offset": 0}}, Numgen("random", 100)),
        ({"concat": [{"meta": {"key": "mark"}}, DPORT]}, Concat((Meta("mark"), Payload("tcp", "dport")))),
        ({"&": [MARK, 255]}, Masked(Ct("mark"), 255)),
        (
            {"&": [{"payload": {"protocol": "ip6", "field": "saddr"}}, "ffff:ffff:ffff:ffff::"]},
            Masked(Payload("ip6", "saddr"), (1 << 128) - (1 << 64)),
        ),
        ({"&": [FLAGS, {"|": ["syn", "ack"]}]}, Masked(Payload("tcp", "flags"), flags("syn", "ack"))),
        ({"map": {"key": DPORT, "data": "@m"}}, MapLookup(Payload("tcp", "dport"), SetReference("m"))),
        ({"osf": {}}, Unknown('{"osf":{}}')),
        ({"rt": {"key": "nexthop", "family": "ip"}}, Unknown('{"rt":{"family":"ip","key":"nexthop"}}')),
    ],
)
def test_expressions(given: Json, found: Expression) -> None:
    assert expression(given) == found


@pytest.mark.parametrize(
    ("left", "op", "right", "found"),
    [
        (STATE, "in", "new", Match("in", Ct("state"), flags("new"))),
        (STATE, "in", ["new", "related"], Match("in", Ct("state"), flags("new", "related"))),
        (STATE, "!=", {"|": ["new", "related"]}, Match("!=", Ct("state"), flags("new", "related"))),
        (STATE, "==", {"set": ["new"]}, Match("in", Ct("state"), flags("new"))),
        (STATE, "==", 8, Match("==", Ct("state"), Unknown("8"))),
        (FLAGS, "==", 18, Match("==", Payload("tcp", "flags"), flags("syn", "ack"))),
        (FLAGS, "!", "syn", Match("!", Payload("tcp", "flags"), flags("syn"))),
        (MARK, "==", {"prefix": {"addr": 16, "len": 28}}, Match("==", Masked(Ct("mark"), 0xFFFFFFF0), Literal(16))),
        (MARK, "!=", 0, Match("!=", Ct("mark"), Literal(0))),
        (DPORT, "==", "@ports", Match("==", Payload("tcp", "dport"), SetReference("ports"))),
        (DPORT, "==", {"range": [1, 5]}, Match("==", Payload("tcp", "dport"), Literal(Span(1, 5)))),
        (DPORT, "==", {"set": [1, 5]}, Match("==", Payload("tcp", "dport"), AnonymousSet(frozenset(((1,), (5,)))))),
        (FIB, "==", False, Match("==", Fib("oif", frozenset(("saddr", "iif"))), Literal("missing"))),
        (FIB, "==", True, Match("==", Fib("oif", frozenset(("saddr", "iif"))), Literal("exists"))),
    ],
)
def test_matches(left: Json, op: str, right: Json, found: Match) -> None:
    assert match({"op": op, "left": left, "right": right}) == found


def test_strange_matches_are_unknown() -> None:
    assert isinstance(match({"op": "~", "left": DPORT, "right": 5}), Unknown)


def test_maps_without_a_name() -> None:
    pairs: Json = {"set": [[80, {"drop": None}]]}
    assert mapped(pairs, Payload("tcp", "dport"), ("verdict",)) == AnonymousMap(frozenset((Element((80,), Drop()),)))
