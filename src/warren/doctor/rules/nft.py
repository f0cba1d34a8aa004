"""Rules in the words of `nft -j list ruleset`, those of others.

In: its output. Out: chains of the tables that are not ours. Never fails on a word that it does not know: that makes a
test which may hold or not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TypeAlias

from warren.doctor.rules.model import ADDRESSES, UNKNOWN, Chain, Condition, End, Rule, Ruleset
from warren.doctor.rules.tables import prefixes

Json: TypeAlias = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

OURS = ("warren",)
METAS = {"iifname": "iif", "iif": "iif", "oifname": "oif", "oif": "oif", "l4proto": "proto"}
CTS = {"state": "state", "status": "status"}
ENDS = {"accept": End.ACCEPT, "drop": End.DROP, "reject": End.DROP, "return": End.BACK}
# Statements that neither test nor end.
PASSING = {
    "counter",
    "log",
    "mangle",
    "notrack",
    "set",
    "map",
    "dnat",
    "snat",
    "masquerade",
    "redirect",
    "flow",
    "quota",
}


def read(text: str) -> Ruleset:
    """Every chain that is not ours; a text that is no JSON has none."""
    try:
        found = json.loads(text)["nftables"] if text.strip() else []
    except (json.JSONDecodeError, KeyError, TypeError):
        found = []
    rules: dict[tuple[str, str, str], list[Rule]] = {}
    for each in found:
        if "rule" in each:
            body = each["rule"]
            key = (str(body["family"]), str(body["table"]), str(body["chain"]))
            rules.setdefault(key, []).extend(_rules(body.get("expr", []), key[0]))
    chains = (_chain(each["chain"], rules) for each in found if "chain" in each)
    return Ruleset({(c.family, c.table, c.name): c for c in chains if not c.table.startswith(OURS)})


def _chain(body: dict[str, Json], rules: dict[tuple[str, str, str], list[Rule]]) -> Chain:
    family, table, name = str(body["family"]), str(body["table"]), str(body["name"])
    hook = str(body.get("hook", "")) if body.get("type") == "filter" else ""
    policy = ENDS.get(str(body.get("policy")), End.ACCEPT)
    return Chain(family, table, name, tuple(rules.get((family, table, name), ())), hook, policy)


def _rules(statements: list[dict[str, Json]], family: str) -> Iterator[Rule]:
    """One rule; a map of verdicts written inside it makes one for each of its elements."""
    tests: list[Condition] = [Condition("family", (family,))] if family in ("ip", "ip6") else []
    for each in statements:
        (word, body), *_ = each.items()
        if word == "match" and isinstance(body, dict):
            tests.extend(_tests(body))
        elif word in ENDS:
            yield Rule(tuple(tests), frozenset({ENDS[word]}))
        elif word in ("jump", "goto") and isinstance(body, dict):
            yield Rule(tuple(tests), jump=str(body.get("target")), final=word == "goto")
        elif word == "vmap" and isinstance(body, dict):
            yield from _mapped(tests, body)
        elif word == "queue":
            yield Rule(tuple(tests), frozenset({End.ACCEPT, End.DROP}))
        elif word == "xt":
            yield from _foreign(tests, body)
            tests.append(UNKNOWN)
        elif word not in PASSING:
            tests.append(UNKNOWN)


def _foreign(tests: list[Condition], body: Json) -> Iterator[Rule]:
    """An extension of iptables may end the packet when it is a target."""
    if isinstance(body, dict) and body.get("type") == "target":
        yield Rule(tuple(tests), frozenset({End.ACCEPT, End.DROP, End.ON}))


def _tests(body: dict[str, Json]) -> Iterator[Condition]:
    left, op = body.get("left"), body.get("op")
    field, before = _field(left)
    yield from before
    if op not in ("==", "!=", "in"):
        yield UNKNOWN
    else:
        yield Condition(field, _values(body.get("right"), field), op == "!=")


def _field(left: Json) -> tuple[str, list[Condition]]:
    """The name of a field, and what the field itself asks of the packet."""
    if not isinstance(left, dict):
        return "?", []
    match left:
        case {"meta": {"key": str(key)}}:
            return ("family", []) if key == "nfproto" else (METAS.get(key, "?"), [])
        case {"ct": {"key": str(key)}}:
            return CTS.get(key, "?"), []
        case {"fib": {"result": "type", "flags": "daddr" | ["daddr"]}}:
            return "kind", []
        case {"payload": {"protocol": str(protocol), "field": str(field)}}:
            return _payload(protocol, field)
    return "?", []


def _payload(protocol: str, field: str) -> tuple[str, list[Condition]]:
    if protocol in ("tcp", "udp"):
        return ("dport" if field == "dport" else "?"), [Condition("proto", (protocol,))]
    if protocol == "th":
        return ("dport" if field == "dport" else "?"), []
    if protocol in ("ip", "ip6"):
        own = [Condition("family", (protocol,))]
        return {"protocol": "proto", "nexthdr": "proto", "saddr": "saddr", "daddr": "daddr"}.get(field, "?"), own
    return "?", [Condition("proto", (protocol,))] if protocol in ("icmp", "icmpv6") else []


def _values(right: Json, field: str) -> tuple[str, ...] | None:
    """The values of a test; None where a named set or an expression holds them."""
    if isinstance(right, dict):
        if isinstance(right.get("range"), list) and field == "dport":
            return _range(right["range"])
        if isinstance(prefix := right.get("prefix"), dict):
            return prefixes([f"{prefix.get('addr')}/{prefix.get('len')}"])
        right = right.get("set")
    if isinstance(right, str):
        return None if right.startswith("@") else _text(right, field)
    if isinstance(right, int):
        return (str(right),)
    if not isinstance(right, list):
        return None
    parts = [_values(each, field) for each in right]
    return None if None in parts else tuple(value for part in parts if part for value in part)


def _range(ends: Json) -> tuple[str, ...] | None:
    if isinstance(ends, list) and len(ends) == 2 and isinstance(ends[0], int) and isinstance(ends[1], int):
        return tuple(str(port) for port in range(ends[0], ends[1] + 1))
    return None


def _text(text: str, field: str) -> tuple[str, ...] | None:
    if field in ADDRESSES:
        return prefixes([text])
    return ({"ipv4": "ip", "ipv6": "ip6"}.get(text, text) if field == "family" else text,)


def _mapped(tests: list[Condition], body: dict[str, Json]) -> Iterator[Rule]:
    field, before = _field(body.get("key"))
    found = body.get("data")
    pairs = found.get("set") if isinstance(found, dict) else None
    if not isinstance(pairs, list):
        yield Rule((*tests, UNKNOWN), frozenset({End.ACCEPT, End.DROP, End.ON}))
        return
    for pair in pairs:
        if isinstance(pair, list) and len(pair) == 2 and isinstance(pair[1], dict):
            test = Condition(field, _values(pair[0], field))
            for rule in _rules([pair[1]], ""):
                yield Rule((*tests, *before, test, *rule.tests), rule.ends, rule.jump, rule.final)
