"""What iptables-nft has written into tables: its JSON names an extension, the listing as text says what it means.

In: a listing as JSON and the same as text. Out: the JSON with the extensions that nft itself has words for. Never a
guess: a rule whose text does not say all of it stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

from warren.formats.nft.read_value import Json

Found: TypeAlias = "re.Match[str]"
Phrase: TypeAlias = tuple[re.Pattern[str], Callable[[Found], Json]]
CHAIN = re.compile(r"\tchain (\S+) \{")
# What stands in a chain beside its rules.
BESIDE = re.compile(r"(type (filter|nat|route) hook|policy |comment )")


def _match(left: Json, op: str, right: Json) -> Json:
    return {"match": {"op": op, "left": left, "right": right}}


def _state(found: Found) -> Json:
    right: list[Json] = list(found[2].split(","))
    return _match({"ct": {"key": found[1]}}, "in", right if len(right) > 1 else right[0])


def _address_type(found: Found) -> Json:
    op = "!=" if found[2] else "=="
    return _match({"fib": {"result": "type", "flags": [found[1]]}}, op, found[3])


def _ports(found: Found) -> Json:
    listed: list[Json] = [_span(each.strip()) for each in found[4].split(",")]
    left: Json = {"payload": {"protocol": found[1], "field": found[2]}}
    return _match(left, "!=" if found[3] else "==", {"set": listed})


def _span(text: str) -> Json:
    first, dash, last = text.partition("-")
    return {"range": [int(first), int(last)]} if dash else int(first)


def _range(found: Found) -> Json:
    left: Json = {"payload": {"protocol": found[1], "field": found[2]}}
    return _match(left, "!=" if found[3] else "==", {"range": [found[4], found[5]]})


def _message(found: Found) -> Json:
    return _match({"payload": {"protocol": found[1], "field": "type"}}, "==", found[2])


def _translation(found: Found) -> Json:
    word, address, port = found[1], found[2].strip("[]"), found[3]
    body: dict[str, Json] = {"family": "ip6" if ":" in address else "ip", "addr": address}
    return {word: {**body, "port": int(port)} if port else body}


def _redirect(found: Found) -> Json:
    return {"redirect": {"port": int(found[1])}}


def _plain(word: str) -> Callable[[Found], Json]:
    return lambda found: {word: None}


ADDRESS = r"(\[[0-9a-f:]+\]|[\d.]+)"
STATE: Phrase = (re.compile(r"ct (state|status) ([a-z]+(?:,[a-z]+)*)(?= |$)"), _state)
MESSAGE: Phrase = (re.compile(r"(icmp|icmpv6) type ([a-z-]+)(?= |$)(?! code)"), _message)
NAT: Phrase = (re.compile(rf"(dnat|snat) to {ADDRESS}(?::(\d+))?$"), _translation)
# For each extension how nft prints what it means (libxtables, xlate).
PHRASES: dict[tuple[str, str], Phrase] = {
    ("match", "conntrack"): STATE,
    ("match", "state"): STATE,
    ("match", "addrtype"): (re.compile(r"fib (saddr|daddr) type (!= )?([a-z]+)(?= |$)"), _address_type),
    ("match", "multiport"): (re.compile(r"(tcp|udp) (sport|dport) (!= )?\{ ?([\d, -]+?) ?\}"), _ports),
    ("match", "iprange"): (re.compile(rf"(ip|ip6) (saddr|daddr) (!= )?{ADDRESS}-{ADDRESS}"), _range),
    ("match", "icmp"): MESSAGE,
    ("match", "icmp6"): MESSAGE,
    ("target", "REJECT"): (re.compile(r"reject(?= |$)"), _plain("reject")),
    ("target", "MASQUERADE"): (re.compile(r"masquerade$"), _plain("masquerade")),
    ("target", "DNAT"): NAT,
    ("target", "SNAT"): NAT,
    ("target", "REDIRECT"): (re.compile(r"redirect to :(\d+)$"), _redirect),
}


def translated(listing: Json, text: str) -> Json:
    """The listing of one table with the extensions of its rules in nft's own words, where the text has them."""
    lines = {chain: list(rules) for chain, rules in _chains(text)}
    entries = listing.get("nftables") if isinstance(listing, dict) else None
    if not isinstance(entries, list):
        return listing
    rules = [each["rule"] for each in entries if isinstance(each, dict) and isinstance(each.get("rule"), dict)]
    counts: dict[str, int] = {}
    for rule in rules:
        assert isinstance(rule, dict)
        counts[str(rule.get("chain"))] = counts.get(str(rule.get("chain")), 0) + 1
    told = {chain: iter(lines[chain]) for chain, count in counts.items() if len(lines.get(chain, ())) == count}
    return {"nftables": [_entry(each, told) for each in entries]}


def _entry(entry: Json, told: dict[str, Iterator[str]]) -> Json:
    rule = entry.get("rule") if isinstance(entry, dict) else None
    if not isinstance(rule, dict) or rule.get("chain") not in told:
        return entry
    line, given = next(told[str(rule["chain"])]), rule.get("expr")
    return {"rule": {**rule, "expr": [_expression(each, line) for each in given]}} if isinstance(given, list) else entry


def _expression(given: Json, line: str) -> Json:
    match given:
        case {"xt": {"type": str(kind), "name": str(name)}} if (kind, name) in PHRASES:
            pattern, made = PHRASES[kind, name]
            found = list(pattern.finditer(line))
            return made(found[0]) if len(found) == 1 else given
    return given


def _chains(text: str) -> Iterator[tuple[str, Iterator[str]]]:
    """The rules of every chain as lines."""
    for part in re.split(r"(?m)^(?=\tchain )", text):
        if chain := CHAIN.match(part):
            yield chain[1], _rules(part.partition("\n")[2].partition("\n\t}")[0])


def _rules(body: str) -> Iterator[str]:
    held = ""
    for line in body.split("\n"):
        held = f"{held} {line.strip()}".strip()
        if held.count("{") > held.count("}"):
            continue  # a set that takes several lines
        if held and not BESIDE.match(held):
            yield held
        held = ""
