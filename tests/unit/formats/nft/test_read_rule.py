"""Statements from JSON; whatever the kernel holds, reading does not fail."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warren.formats.nft.model import (
    Accept,
    AnonymousMap,
    Concat,
    Counter,
    CounterNamed,
    Ct,
    CtCount,
    CtTimeout,
    Dnat,
    Element,
    Endpoint,
    Goto,
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
from warren.formats.nft.read_rule import READERS, rule, statement
from warren.formats.nft.read_value import Json

META: Json = {"meta": {"key": "mark"}}
CT: Json = {"ct": {"key": "mark"}}
MSS: Json = {"tcp option": {"name": "maxseg", "field": "size"}}
NAME: Json = {"meta": {"key": "iifname"}}
SADDR: Json = {"payload": {"protocol": "ip", "field": "saddr"}}
IIF = Meta("iifname")


def mangled(target: Json, value: Json) -> Json:
    return {"mangle": {"key": target, "value": value}}


def inline(*pairs: Element) -> AnonymousMap:
    return AnonymousMap(frozenset(pairs))


@pytest.mark.parametrize(
    ("listed", "found"),
    [
        ({"accept": None}, Accept()),
        ({"goto": {"target": "c"}}, Goto("c")),
        ({"counter": {"packets": 5, "bytes": 7}}, Counter()),
        ({"counter": None}, Counter()),
        ({"counter": "hits"}, CounterNamed("hits")),
        ({"notrack": None}, Notrack()),
        ({"vmap": {"key": NAME, "data": "@m"}}, VerdictMap(IIF, SetReference("m"))),
        (mangled(META, 5), MarkSet("meta", 0, 5)),
        (mangled(META, {"|": [{"&": [META, 0x10FFFFFF]}, 0x10000000]}), MarkSet("meta", 0xFFFFFF, 0x10000000)),
        (mangled(META, CT), MarkSet("meta", 0xFFFFFFFF, 0, "ct")),
        (mangled(CT, {"&": [CT, 255]}), MarkSet("ct", 255, 0)),
        (mangled(CT, {"|": [CT, 4]}), MarkSet("ct", 0xFFFFFFFF, 4)),
        (mangled(META, {"map": {"key": NAME, "data": "@m"}}), MarkLookup("meta", MapLookup(IIF, SetReference("m")))),
        (
            mangled(META, {"map": {"key": NAME, "data": {"set": [["a", 1]]}}}),
            MarkLookup("meta", MapLookup(IIF, inline(Element(("a",), (1,))))),
        ),
        (mangled(MSS, 1380), SetMss(1380)),
        (mangled(MSS, {"rt": {"key": "mtu"}}), SetMss(Rt("mtu"))),
        ({"dnat": {"family": "ip", "addr": "10.0.0.1", "port": 80}}, Dnat("ip", Endpoint(Prefix.of("10.0.0.1"), 80))),
        ({"dnat": {"port": {"range": [5, 9]}}}, Dnat(None, Endpoint(None, Span(5, 9)))),
        (
            {"snat": {"family": "ip", "addr": {"range": ["10.0.0.1", "10.0.0.2"]}, "flags": "random"}},
            Snat("ip", Endpoint(Span(0x0A000001, 0x0A000002, 4)), frozenset(("random",))),
        ),
        (
            {"dnat": {"family": "ip", "addr": {"map": {"key": SADDR, "data": {
                "set": [["10.0.0.1", {"concat": ["10.0.0.2", 7]}]]}}}}},
            Dnat("ip", MapLookup(Payload("ip", "saddr"), inline(
                Element((Prefix.of("10.0.0.1"),), (Prefix.of("10.0.0.2"), 7))))),
        ),
        ({"masquerade": None}, Masquerade()),
        ({"masquerade": {"port": 5, "flags": ["random"]}}, Masquerade(5, frozenset(("random",)))),
        ({"redirect": {"port": 8080}}, Redirect(8080)),
        ({"limit": {"rate": 9, "burst": 3, "per": "minute", "inv": True}}, Limit(9, "minute", 3, True)),
        (
            {"limit": {"rate": 5, "burst": 3, "per": "second", "rate_unit": "kbytes", "burst_unit": "mbytes"}},
            Limit(5120, "second", 3 << 20, unit="bytes"),
        ),
        ({"ct count": {"val": 5, "inv": True}}, CtCount(5, True)),
        ({"ct timeout": "questions"}, CtTimeout("questions")),
        (
            {"set": {"op": "add", "elem": {"concat": [SADDR, NAME]}, "set": "@m", "stmt": [{"counter": None}]}},
            SetUpdate("add", "m", Concat((Payload("ip", "saddr"), IIF)), (Counter(),)),
        ),
        (
            {"set": {"op": "update", "elem": {"elem": {"val": SADDR, "timeout": 30}}, "set": "@m"}},
            SetUpdate("update", "m", Payload("ip", "saddr"), (), 30),
        ),
        ({"reject": None}, Reject()),
        ({"reject": {"type": "tcp reset"}}, Reject("tcp reset")),
        ({"reject": {"type": "icmp", "expr": "host-unreachable"}}, Reject("icmp", "host-unreachable")),
        ({"log": None}, Log()),
        ({"log": {"prefix": "x ", "level": "info", "flags": "all"}}, Log("x ", "info", flags=frozenset(("all",)))),
        ({"quota": {"val": 5}}, Unknown('{"quota":{"val":5}}')),
        (mangled({"meta": {"key": "nftrace"}}, 1), Unknown('{"mangle":{"key":{"meta":{"key":"nftrace"}},"value":1}}')),
        (mangled(META, {"^": [META, 5]}), Unknown('{"mangle":{"key":{"meta":{"key":"mark"}},"value":{"^":[{"meta":'
                                                  '{"key":"mark"}},5]}}}')),
    ],
)  # fmt: skip
def test_statements(listed: Json, found: Statement) -> None:
    assert statement(listed) == found


def test_rules() -> None:
    assert rule({"expr": [{"accept": None}], "comment": "c", "handle": 5}) == Rule((Accept(),), "c")
    assert VerdictMap(Ct("mark"), SetReference("m")) != VerdictMap(Meta("mark"), SetReference("m"))


WORDS = st.sampled_from(
    ("key", "data", "value", "addr", "port", "family", "op", "left", "right", "set", "elem", "map", "range", "prefix",
     "meta", "ct", "mark", "&", "|", "concat", "@m", "ip", "update", "rate", "per", "flags", "len", "payload", "stmt")
)  # fmt: skip
ANY: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 2**33) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=20,
)


@given(st.sampled_from(sorted(READERS)), ANY)
def test_reading_never_fails(word: str, body: Json) -> None:
    hash(statement({word: body}))


@given(ANY, ANY)
def test_reading_foreign_marks_never_fails(key: Json, value: Json) -> None:
    hash(statement({"mangle": {"key": {"meta": {"key": "mark"}}, "value": value}}))
    hash(statement({"dnat": {"family": "ip", "addr": {"map": {"key": key, "data": value}}}}))
    hash(statement({"match": {"op": "==", "left": key, "right": value}}))
    hash(statement({"set": {"op": "add", "elem": key, "set": "@s", "stmt": value}}))
