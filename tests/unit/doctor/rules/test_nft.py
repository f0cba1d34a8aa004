"""Rules of nftables as `nft -j list ruleset` prints them."""

from __future__ import annotations

import json

import pytest

from warren.doctor.rules.model import End
from warren.doctor.rules.nft import Json, read

PACKET = {
    "iif": "v-game",
    "oif": "wrn-vps",
    "proto": "tcp",
    "dport": "80",
    "state": "new",
    "status": "",
    "family": "ip",
}
ACCEPT, DROP, BOTH = frozenset({End.ACCEPT}), frozenset({End.DROP}), frozenset({End.ACCEPT, End.DROP})


def listed(
    *rules: list[Json], policy: str = "drop", family: str = "inet", table: str = "filter", **others: list[Json]
) -> str:
    """A table with a chain at forward and others without a hook."""
    place: dict[str, Json] = {"family": family, "table": table}
    base: Json = {"chain": {**place, "name": "f", "type": "filter", "hook": "forward", "prio": 0, "policy": policy}}
    found: list[Json] = [{"metainfo": {"version": "1.0.6"}}, {"table": {"family": family, "name": table}}, base]
    found += [{"chain": {**place, "name": name}} for name in others]
    found += [{"rule": {**place, "chain": "f", "expr": expr}} for expr in rules]
    found += [{"rule": {**place, "chain": name, "expr": expr}} for name, given in others.items() for expr in [given]]
    return json.dumps({"nftables": found})


def ends(text: str, table: str = "inet", **fields: str) -> frozenset[End]:
    """Where the packet ends."""
    rules = read(text)
    return rules.ends(rules.chains[(table, "filter", "f")], {**PACKET, **fields})


def match(left: Json, right: Json, op: str = "==") -> Json:
    """One test in the words of nft."""
    return {"match": {"op": op, "left": left, "right": right}}


IIF: Json = {"meta": {"key": "iifname"}}
STATE: Json = {"ct": {"key": "state"}}
DPORT: Json = {"payload": {"protocol": "tcp", "field": "dport"}}
SADDR: Json = {"payload": {"protocol": "ip", "field": "saddr"}}
YES: Json = {"accept": None}
NO: Json = {"drop": None}


def test_policies() -> None:
    assert ends(listed()) == DROP
    assert ends(listed(policy="accept")) == ACCEPT


def test_names_states_and_ports() -> None:
    assert ends(listed([match(IIF, "v-*"), YES])) == ACCEPT
    assert ends(listed([match(IIF, {"set": ["eth0", "v-game"]}), YES])) == ACCEPT
    assert ends(listed([match(STATE, ["established", "related"], "in"), YES])) == DROP
    assert ends(listed([match(DPORT, {"set": [22, {"range": [79, 81]}]}), {"counter": None}, YES])) == ACCEPT
    assert ends(listed([match(DPORT, 80), YES]), proto="udp") == DROP
    assert ends(listed([match(IIF, "v-game", "!="), YES])) == DROP


def test_addresses_and_families() -> None:
    assert ends(listed([match(SADDR, {"prefix": {"addr": "10.86.0.0", "len": 16}}), YES]), saddr="10.86.1.2") == ACCEPT
    assert ends(listed([match(SADDR, "10.86.1.3"), YES]), saddr="10.86.1.2") == DROP
    assert ends(listed([match(SADDR, {"prefix": {"addr": "10.86.0.0", "len": 16}}), YES])) == BOTH
    assert ends(listed([match(SADDR, "10.86.1.2"), YES]), family="ip6") == DROP
    assert ends(listed([match({"meta": {"key": "nfproto"}}, "ipv4"), YES])) == ACCEPT
    assert ends(listed([YES], family="ip6"), "ip6") == DROP


@pytest.mark.parametrize("flags", ["daddr", ["daddr"]])
def test_kinds_of_addresses(flags: Json) -> None:
    local = match({"fib": {"result": "type", "flags": flags}}, "local")
    assert ends(listed([local, YES]), kind="local") == ACCEPT
    assert ends(listed([local, YES]), kind="unicast") == DROP


@pytest.mark.parametrize(
    "test",
    [
        match(SADDR, "@bad"),
        match({"meta": {"key": "skuid"}}, 0),
        match(DPORT, 1, "<"),
        {"xt": None},
        {"limit": {"rate": 3, "per": "second"}},
        {"some word of a later nft": 1},
    ],
)
def test_what_is_not_known_may_hold_or_not(test: Json) -> None:
    assert ends(listed([test, YES])) == BOTH


def test_maps_of_verdicts() -> None:
    pairs: Json = {"set": [["eth0", {"drop": None}], ["v-game", {"jump": {"target": "mine"}}]]}
    assert ends(listed([{"vmap": {"key": IIF, "data": pairs}}], policy="accept", mine=[NO])) == DROP
    assert ends(listed([{"vmap": {"key": IIF, "data": pairs}}], policy="accept", mine=[NO]), iif="eth1") == ACCEPT
    assert ends(listed([{"vmap": {"key": IIF, "data": "@map"}}])) == BOTH


def test_jump_goto_return_reject() -> None:
    assert ends(listed([{"jump": {"target": "mine"}}, {"accept": None}], mine=[{"return": None}])) == ACCEPT
    assert ends(listed([{"goto": {"target": "mine"}}], [YES], mine=[{"return": None}])) == DROP
    assert ends(listed([{"reject": {"type": "icmpx", "expr": "admin-prohibited"}}], policy="accept")) == DROP


def test_our_own_tables_are_not_others() -> None:
    assert read(listed(table="warren")).chains == {}
    assert read(listed(table="warren_count")).chains == {}


def test_what_is_no_list_has_no_chains() -> None:
    for text in ("", "Error: no such file", '{"other": []}', "[]"):
        assert read(text).chains == {}
