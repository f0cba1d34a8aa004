"""Constants, keys and elements from the JSON of nft.

In: JSON values and the type that they have. Out: values, equal for equal meanings. Never: an exception for what is
foreign here; that becomes `Unknown`.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address
from typing import Literal as OneOf
from typing import TypeAlias

from warren.formats.nft.model import (
    Accept,
    Continue,
    Drop,
    Element,
    Goto,
    Jump,
    Key,
    Prefix,
    Return,
    Unknown,
    Value,
    Verdict,
    span,
)

Json: TypeAlias = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

# nft prints a name where the host's /etc/protocols has one, else the number: here it is the name in either case.
PROTOCOLS = {
    1: "icmp",
    2: "igmp",
    4: "ipencap",
    6: "tcp",
    17: "udp",
    33: "dccp",
    41: "ipv6",
    47: "gre",
    50: "esp",
    51: "ah",
    58: "ipv6-icmp",
    132: "sctp",
    136: "udplite",
}
VERSIONS: dict[str, OneOf[4, 6]] = {"ipv4_addr": 4, "ipv6_addr": 6}
PLAIN_VERDICTS: dict[str, Verdict] = {
    "accept": Accept(),
    "drop": Drop(),
    "return": Return(),
    "continue": Continue(),
}


def unknown(given: Json) -> Unknown:
    return Unknown(json.dumps(given, sort_keys=True, separators=(",", ":")))


def value(given: Json, kind: str) -> Value:
    """One constant of a type."""
    if isinstance(given, str):
        return _text(given, kind)
    if isinstance(given, bool):
        return unknown(given)
    if isinstance(given, int):
        return PROTOCOLS.get(given, given) if kind == "inet_proto" else given
    match given:
        case {"prefix": {"addr": first, "len": int(length)}}:
            return _prefix(first, length, kind)
        case {"range": [first, last]}:
            return _range(first, last, kind)
        case _:
            return unknown(given)


def key(given: Json, kinds: Sequence[str]) -> Key:
    """A key, or the data of a map: one value or a concatenation."""
    if isinstance(given, dict) and "concat" in given:
        parts = given["concat"]
        if isinstance(parts, list) and len(parts) == len(kinds):
            return tuple([value(part, kind) for part, kind in zip(parts, kinds, strict=True)])
        return (unknown(given),)
    return (value(given, kinds[0] if len(kinds) == 1 else "symbol"),)


def element(given: Json, kinds: Sequence[str], data_kinds: Sequence[str] | None = None) -> Element:
    """A member of a set, or with `data_kinds` a pair of a map."""
    if data_kinds is None:
        plain, comment = _unwrapped(given)
        return Element(key(plain, kinds), None, comment)
    match given:
        case [left, right]:
            plain, comment = _unwrapped(left)
            return Element(key(plain, kinds), outcome(right, data_kinds), comment)
        case _:
            return Element((unknown(given),))


def outcome(given: Json, kinds: Sequence[str]) -> Key | Verdict:
    """What a key leads to."""
    found = verdict(given)
    return key(given, kinds) if found is None else found


def verdict(given: Json) -> Verdict | None:
    match given:
        case {"jump": {"target": str(chain)}}:
            return Jump(chain)
        case {"goto": {"target": str(chain)}}:
            return Goto(chain)
        case dict() if len(given) == 1:
            return PLAIN_VERDICTS.get(next(iter(given)))
        case _:
            return None


def _unwrapped(given: Json) -> tuple[Json, str | None]:
    """Without comment, counter, timeout: nft wraps a member that has one of them."""
    match given:
        case {"elem": {"val": inner, **rest}}:
            comment = rest.get("comment")
            return inner, comment if isinstance(comment, str) else None
        case _:
            return given, None


def _text(given: str, kind: str) -> Value:
    version = VERSIONS.get(kind)
    if version is not None:
        return address(given, version)
    if given.isdecimal() and kind in ("mark", "inet_service", "number"):
        return int(given)
    return given


@lru_cache(65536)
def address(text: str, version: OneOf[4, 6]) -> Prefix | Unknown:
    try:
        number = int(IPv4Address(text) if version == 4 else IPv6Address(text))
    except ValueError:
        return unknown(text)
    return Prefix(version, number, 32 if version == 4 else 128)


def _prefix(first: Json, length: int, kind: str) -> Value:
    version = VERSIONS.get(kind)
    if version is None and isinstance(first, int):  # nft prints an aligned range of marks or ports as a prefix
        width = {"inet_service": 16, "mark": 32}.get(kind, 0)
        return span(first, first + (1 << (width - length)) - 1) if width >= length else unknown([first, length])
    found = value(first, kind)
    if isinstance(found, Prefix):
        return Prefix(found.version, found.value, length)
    return unknown({"prefix": {"addr": first, "len": length}})


def _protocol(given: Json) -> Json:
    """The number of a protocol: a range has no names."""
    return next((number for number, name in PROTOCOLS.items() if name == given), given)


def _range(first: Json, last: Json, kind: str) -> Value:
    if kind == "inet_proto":
        first, last = _protocol(first), _protocol(last)
        kind = "number"
    match value(first, kind), value(last, kind):
        case Prefix(version, start), Prefix(_, end):
            return span(start, end, version)
        case int(low), int(high):
            return span(low, high)
        case _:
            return unknown({"range": [first, last]})
