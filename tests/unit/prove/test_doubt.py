"""doubt: words of foreign rules that nobody knows shut what they can, and open what they can."""

from __future__ import annotations

import json

import pytest

from warren.formats.nft import read
from warren.formats.nft.model import Table
from warren.formats.nft.read_value import Json
from warren.formats.nft.write import table as written
from warren.prove.doubt import assumed, concerns, doubts, named

RECENT: Json = {"xt": {"type": "match", "name": "recent"}}
LAN: Json = {"match": {"op": "==", "left": {"meta": {"key": "iifname"}}, "right": "eth0"}}
ACCEPT: Json = {"accept": None}
DROP: Json = {"drop": None}
RETURN: Json = {"return": None}


def table(*rules: list[Json], inner: list[Json] | None = None, family: str = "ip") -> Table:
    """A foreign table with a chain at a hook, and another that it may jump to."""
    place: dict[str, Json] = {"family": family, "table": "t"}
    base: dict[str, Json] = {
        **place,
        "name": "base",
        "type": "filter",
        "hook": "forward",
        "prio": 0,
        "policy": "accept",
    }
    found: list[Json] = [{"table": {"family": family, "name": "t"}}]
    found += [{"chain": base}, {"chain": {**place, "name": "other"}}]
    found += [{"rule": {**place, "chain": "base", "expr": each}} for each in rules]
    found += [{"rule": {**place, "chain": "other", "expr": [each]}} for each in inner or []]
    made = read.table(json.dumps({"nftables": found}), family, "t")
    assert made is not None
    return made


def rules(made: Table, shut: bool, chain: str = "base") -> list[str]:
    """What one reading makes of a chain, a line each."""
    lines = written(assumed(made, shut)).splitlines()
    at = next(n for n, line in enumerate(lines) if line.strip() == f"chain {chain} {{")
    kept = lines[at + 1 : lines.index("  }", at)] if "  }" in lines else lines[at + 1 : lines.index("\t}", at)]
    return [line.strip() for line in kept if "policy" not in line]


def test_what_is_known_stays() -> None:
    made = table([LAN, DROP])
    assert doubts(made) == () and assumed(made, True) is made


def test_a_word_that_is_not_known_shuts_or_opens() -> None:
    made = table([LAN, RECENT, DROP], [RECENT, ACCEPT])
    assert doubts(made) == ("xt recent",)
    assert rules(made, True) == ['iifname "eth0" drop']
    assert rules(made, False) == ["accept"]


@pytest.mark.parametrize("target", [{"xt": {"type": "target", "name": "NFQUEUE"}}, {"queue": {"num": 0}}])
def test_what_does_something_unknown_may_keep_the_packet(target: Json) -> None:
    made = table([LAN, target])
    assert rules(made, True) == ['iifname "eth0" drop'] and rules(made, False) == ['iifname "eth0" accept']


def test_what_only_writes_down_is_no_doubt() -> None:
    log: Json = {"xt": {"type": "target", "name": "LOG"}}
    made = table([LAN, log], [{"xt": {"type": "match", "name": "comment"}}, DROP])
    assert doubts(made) == ()


def test_a_return_that_may_be_one() -> None:
    made = table([RECENT, RETURN], [DROP])
    assert rules(made, True) == ["goto base_shut_0", "drop"] and rules(made, True, "base_shut_0") == ["drop"]
    assert rules(made, False) == ["goto base_open_0", "drop"] and rules(made, False, "base_open_0") == []


def test_a_jump_that_may_be_one_does_only_what_the_reading_looks_for() -> None:
    made = table([RECENT, {"jump": {"target": "other"}}], inner=[LAN, ACCEPT, DROP])
    assert rules(made, True) == ["jump other_shut"] and rules(made, False) == ["jump other_open"]
    assert rules(made, True, "other_shut") == ["drop"] and rules(made, False, "other_open") == ["accept"]


@pytest.mark.parametrize(
    ("left", "word"),
    [
        ({"meta": {"key": "skuid"}}, "meta skuid"),
        ({"socket": {"key": "transparent"}}, "socket transparent"),
        ({"osf": {"key": "name"}}, "osf name"),
        ({"numgen": {"mode": "random", "mod": 100}}, "numgen"),
        ({"payload": {"protocol": "ip", "field": "dscp"}}, "ip dscp"),
        ({"&": [{"payload": {"protocol": "ip", "field": "frag-off"}}, 8191]}, "ip frag-off"),
        ({"ct": {"key": "helper"}}, "ct helper"),
        ({"fib": {"result": "oif", "flags": ["saddr"]}}, "fib oif"),
    ],
)
def test_each_is_called_by_its_first_words(left: Json, word: str) -> None:
    assert doubts(table([{"match": {"op": "==", "left": left, "right": 1}}, DROP])) == (word,)


def test_a_set_that_comes_and_goes() -> None:
    match: Json = {"match": {"op": "==", "left": {"payload": {"protocol": "ip", "field": "saddr"}}, "right": "@banned"}}
    assert doubts(table([match, DROP])) == ("@banned",)


def test_tables_of_other_kinds_do_not_concern_what_is_routed() -> None:
    assert concerns(table()) and not concerns(table(family="bridge")) and not concerns(table(family="netdev"))


def test_words_in_a_sentence() -> None:
    assert named(("xt recent", "quota")) == "`xt recent`, `quota`"
