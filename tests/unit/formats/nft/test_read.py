"""Tables from JSON."""

import json

from warren.formats.nft import read
from warren.formats.nft.model import Accept, Chain, Drop, Element, Hook, Prefix, Rule, Set, Table, Timeout

OURS = {"family": "inet", "table": "warren"}
LISTED = {
    "nftables": [
        {"metainfo": {"version": "1.0.6"}},
        {"table": {"family": "inet", "name": "warren", "handle": 1}},
        {"table": {"family": "ip", "name": "warren", "handle": 2}},
        {"counter": {**OURS, "name": "hits", "packets": 5, "bytes": 7}},
        {"set": {**OURS, "name": "s", "type": "ipv4_addr", "handle": 5, "flags": ["interval"], "elem": [
            "10.0.0.1", {"prefix": {"addr": "10.1.0.0", "len": 16}}]}},
        {"set": {**OURS, "name": "count", "type": ["ipv4_addr", "ifname"], "stmt": [{"counter": None}], "elem": [
            {"elem": {"val": {"concat": ["10.0.0.1", "eth0"]}, "counter": {"packets": 3, "bytes": 4}}}]}},
        {"set": {**OURS, "name": "meter", "type": "ipv4_addr", "size": 9, "flags": ["timeout"], "timeout": 60, "elem": [
            {"elem": {"val": "10.0.0.1", "expires": 5}}]}},
        {"map": {**OURS, "name": "m", "type": "ifname", "map": "verdict", "elem": [["eth0", {"accept": None}]]}},
        {"map": {**OURS, "name": "d", "type": "mark", "map": "ipv4_addr . inet_service"}},
        {"chain": {**OURS, "name": "in", "type": "filter", "hook": "input", "prio": -5, "policy": "drop"}},
        {"chain": {**OURS, "name": "c"}},
        {"chain": {"family": "ip", "table": "warren", "name": "in"}},
        {"rule": {**OURS, "chain": "in", "comment": "x", "expr": [{"accept": None}]}},
        {"rule": {**OURS, "chain": "in", "expr": [{"drop": None}]}},
        {"rule": {"family": "ip", "table": "warren", "chain": "in", "expr": [{"drop": None}]}},
    ]
}  # fmt: skip
TABLE = Table(
    "inet",
    "warren",
    (
        Set("s", ("ipv4_addr",), flags=frozenset(("interval",)), elements=frozenset((
            Element((Prefix.of("10.0.0.1"),)), Element((Prefix.of("10.1.0.0/16"),))))),
        Set("count", ("ipv4_addr", "ifname"), counter=True, elements=frozenset((
            Element((Prefix.of("10.0.0.1"), "eth0")),))),
        Set("meter", ("ipv4_addr",), None, frozenset(("timeout",)), 9, 60),
    ),
    (
        Set("m", ("ifname",), ("verdict",), elements=frozenset((Element(("eth0",), Accept()),))),
        Set("d", ("mark",), ("ipv4_addr", "inet_service")),
    ),
    (
        Chain("in", (Rule((Accept(),), "x"), Rule((Drop(),))), Hook("filter", "input", -5, "drop")),
        Chain("c"),
    ),
    ("hits",),
)  # fmt: skip


def test_a_table_is_read() -> None:
    assert read.table(json.dumps(LISTED), "inet", "warren") == TABLE


def test_other_tables_are_other_tables() -> None:
    assert read.table(json.dumps(LISTED), "ip", "warren") == Table(
        "ip", "warren", chains=(Chain("in", (Rule((Drop(),)),)),)
    )
    assert read.table(json.dumps(LISTED), "inet", "other") is None
    assert read.names(json.dumps(LISTED)) == {("inet", "warren"), ("ip", "warren")}


def test_counts() -> None:
    text = json.dumps(LISTED)
    assert read.counters(text, "inet", "warren") == {"count": {(Prefix.of("10.0.0.1"), "eth0"): (3, 4)}}
    assert read.totals(text, "inet", "warren") == {"hits": (5, 7)}


def test_time_outs() -> None:
    given = {"family": "inet", "name": "questions", "table": "t", "handle": 3, "protocol": "udp"}
    policy = {"unreplied": 5, "replied": 9}
    listed = [
        {"table": {"family": "inet", "name": "t", "handle": 1}},
        {"ct timeout": {**given, "l3proto": "ip", "policy": policy}},
    ]
    wanted = Timeout("questions", "udp", (("replied", 9), ("unreplied", 5)), "ip")
    assert read.table(json.dumps({"nftables": listed}), "inet", "t") == Table("inet", "t", timeouts=(wanted,))
