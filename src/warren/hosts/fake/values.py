"""Constants and elements of nftables: their text to the JSON that `nft -j` would list, and to numbers.

In: words of one element. Out: JSON, and the spans that tell whether two elements overlap. Never guesses a type.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import ip_address, ip_network

from warren.hosts.fake.words import Json, Refusal, Words

PROTOCOLS = {"icmp": 1, "tcp": 6, "udp": 17, "ipv6-icmp": 58}
Spans = tuple[tuple[int, int] | str, ...]


def number(text: str) -> int:
    """A number, decimal or with 0x."""
    try:
        return int(text, 0)
    except ValueError:
        raise Refusal(f"syntax error, unexpected {text}, expecting a number") from None


def constant(text: str, kind: str) -> Json:
    """One value; what kind it has, shows in a rule only by its form."""
    if text.startswith('"'):
        return text.strip('"')
    if "/" in text:
        net = ip_network(text)
        return {"prefix": {"addr": str(net.network_address), "len": net.prefixlen}}
    first, dash, last = text.partition("-")
    if dash and _is_value(first) and _is_value(last):
        return {"range": [_single(first), _single(last)]}
    return _single(text) if kind != "ifname" else text


def _is_value(text: str) -> bool:
    return text.isdecimal() or "." in text or ":" in text


def _single(text: str) -> Json:
    return number(text) if text.isdecimal() or text.startswith("0x") else text


def element(words: list[str], kinds: tuple[str, ...], data_kinds: tuple[str, ...] | None) -> tuple[str, Json]:
    """An element's key as text, and its JSON."""
    cursor = Words(list(words))
    key = _joined(cursor, kinds)
    wrapped: Json = {"elem": {"val": key, "comment": cursor.quoted()}} if cursor.accept("comment") else key
    text = " ".join(words[: 2 * len(kinds) - 1])
    if not cursor.accept(":"):
        return text, wrapped
    return text, [wrapped, _outcome(cursor, data_kinds or ())]


def _joined(cursor: Words, kinds: tuple[str, ...]) -> Json:
    parts = [constant(cursor.take(), kinds[0])]
    for kind in kinds[1:]:
        cursor.expect(".")
        parts.append(constant(cursor.take(), kind))
    return parts[0] if len(parts) == 1 else {"concat": parts}


def _outcome(cursor: Words, kinds: tuple[str, ...]) -> Json:
    if cursor.next in ("jump", "goto"):
        return {cursor.take(): {"target": cursor.take()}}
    if kinds == ("verdict",):
        return {cursor.take(): None}
    return _joined(cursor, kinds)


@lru_cache(65536)
def spans(text: str) -> Spans:
    """The ground that a key covers, by its parts; a name covers itself."""
    return tuple(_span(part) for part in text.split(" . "))


def _span(text: str) -> tuple[int, int] | str:
    if text.startswith('"'):
        return text
    if "/" in text:
        net = ip_network(text)
        return int(net.network_address), int(net.broadcast_address)
    first, dash, last = text.partition("-")
    if dash and text not in PROTOCOLS:
        return _number(first), _number(last)
    return _number(text), _number(text)


def _number(text: str) -> int:
    if text in PROTOCOLS:
        return PROTOCOLS[text]
    return int(ip_address(text)) if "." in text or ":" in text else number(text)


def overlap(one: Spans, other: Spans) -> bool:
    """Whether two keys have a packet in common."""
    return all(_meet(a, b) for a, b in zip(one, other, strict=True))


def _meet(one: tuple[int, int] | str, other: tuple[int, int] | str) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    return one[0] <= other[1] and other[0] <= one[1]


def first_overlap(keys: Iterable[str]) -> tuple[str, str] | None:
    """Two keys that overlap. Only those are compared whose spans meet in the part that tells most of them apart."""
    covered = [(spans(key), key) for key in keys]
    if not covered:
        return None
    part = max(range(len(covered[0][0])), key=lambda at: len({ground[at] for ground, _ in covered}))
    covered.sort(key=lambda each: _ends(each[0][part])[0])
    open_: list[tuple[Spans, str]] = []
    for ground, key in covered:
        first = _ends(ground[part])[0]
        open_ = [each for each in open_ if _ends(each[0][part])[1] >= first]
        for other, name in open_:
            if overlap(ground, other):
                return key, name
        open_.append((ground, key))
    return None


def _ends(span: tuple[int, int] | str) -> tuple[int, int]:
    return span if isinstance(span, tuple) else (0, 0)
