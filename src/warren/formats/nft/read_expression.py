"""What a rule looks at, from the JSON of nft.

In: JSON of expressions and matches. Out: expressions. Never: an exception for what is foreign here; that becomes
`Unknown`.
"""

from collections.abc import Sequence
from ipaddress import ip_address
from typing import cast

from warren.formats.nft.kinds import kind, kinds
from warren.formats.nft.model import (
    AnonymousMap,
    AnonymousSet,
    Concat,
    Ct,
    Expression,
    Fib,
    Flags,
    Literal,
    MapLookup,
    Masked,
    Match,
    Meta,
    Numgen,
    Operator,
    Payload,
    Rt,
    SetReference,
    Unknown,
)
from warren.formats.nft.read_value import Json, element, key, unknown, value

TCP_FLAGS = ("fin", "syn", "rst", "psh", "ack", "urg", "ecn", "cwr")
OPERATORS = frozenset(("==", "!=", "<", ">", "<=", ">=", "in", "!"))


def expression(given: Json) -> Expression:
    """The left side of a match, or a key. A constant here has no type yet and stays as it is."""
    match given:
        case {"meta": {"key": str(field)}}:
            return Meta(field)
        case {"payload": {"protocol": str(protocol), "field": str(field)}}:
            return Payload(protocol, field)
        case {"ct": dict(ct)}:
            return _ct(ct, given)
        case {"fib": {"result": str(result), "flags": flags}}:
            return Fib(result, _names(flags))
        case {"rt": {"key": str(field), **rest}} if not rest:
            return Rt(field)
        case {"numgen": {"mode": str(mode), "mod": int(modulus), **rest}} if mode in ("random", "inc"):
            return Numgen("random" if mode == "random" else "inc", modulus, _number(cast(Json, rest.get("offset"))))
        case {"concat": list(parts)}:
            return Concat(tuple(expression(part) for part in parts))
        case {"&": [inner, mask]}:
            return _masked(inner, mask, given)
        case {"map": {"key": looked, "data": target}}:
            return MapLookup(expression(looked), mapped(target, expression(looked), ("symbol",)))
        case _:
            return unknown(given)


def match(given: Json) -> Match | Unknown:
    """A comparison; the right side has the type of the left."""
    match given:
        case {"op": str(op), "left": left, "right": right} if op in OPERATORS:
            against = expression(left)
            return _compared(cast(Operator, op), against, right)
        case _:
            return unknown({"match": given})


def mapped(given: Json, looked: Expression, data_kinds: Sequence[str]) -> SetReference | AnonymousMap:
    """The map that a key is looked up in."""
    match given:
        case str() if given.startswith("@"):
            return SetReference(given[1:])
        case {"set": list(pairs)}:
            return AnonymousMap(frozenset(element(pair, kinds(looked), data_kinds) for pair in pairs))
        case _:
            return AnonymousMap(frozenset((element(given, kinds(looked), data_kinds),)))


def _compared(op: Operator, left: Expression, right: Json) -> Match:
    width = 32 if kind(left) == "mark" else 0
    match right:
        case {"prefix": {"addr": int(bits), "len": int(length)}} if width >= length:
            mask = ((1 << length) - 1) << (width - length)
            return Match(op, Masked(left, mask), Literal(bits))
        case _:
            return Match(op, left, _right(right, left))


def _right(given: Json, left: Expression) -> Expression:
    if kind(left) == "flags" and not isinstance(given, dict):
        return _flags(given, left)
    match given:
        case str() if given.startswith("@"):
            return SetReference(given[1:])
        case bool():
            return Literal("exists" if given else "missing")
        case {"set": list(members)}:
            return AnonymousSet(frozenset(key(member, kinds(left)) for member in members))
        case {"set": member}:
            return AnonymousSet(frozenset((key(member, kinds(left)),)))
        case {"|": _} if kind(left) == "flags":
            return _flags(given, left)
        case _:
            found = value(given, kind(left))
            return found if isinstance(found, Unknown) else Literal(found)


def _flags(given: Json, left: Expression) -> Flags | SetReference | Unknown:
    """Names of bits: one, a list, or (newer nft) a tree of them joined by |."""
    if isinstance(given, str) and given.startswith("@"):
        return SetReference(given[1:])
    names = _bits(given)
    if names is None or (isinstance(given, int) and given and isinstance(left, Ct)):
        return unknown(given)
    return Flags(names)


def _bits(given: Json) -> frozenset[str] | None:
    match given:
        case str():
            return frozenset((given,))
        case int():
            names = frozenset(name for bit, name in enumerate(TCP_FLAGS) if given >> bit & 1)
            return names if given < 1 << len(TCP_FLAGS) else None
        case list(parts) | {"|": list(parts)}:
            found = [_bits(part) for part in parts]
            return frozenset().union(*(names or () for names in found)) if None not in found else None
        case _:
            return None


def _masked(inner: Json, mask: Json, given: Json) -> Expression:
    masked = expression(inner)
    if isinstance(mask, str) and kind(masked) in ("ipv4_addr", "ipv6_addr"):
        return Masked(masked, int(ip_address(mask)))
    if isinstance(mask, int):
        return Masked(masked, mask)
    names = _bits(mask)
    return Masked(masked, Flags(names)) if names else unknown(given)


def _ct(ct: dict[str, Json], given: Json) -> Expression:
    match ct:
        case {"key": str(field), **rest} if rest.keys() <= {"dir", "family"}:
            family, direction = rest.get("family"), rest.get("dir")
            name = f"{family} {field}" if family else field
            return Ct(name, "reply" if direction == "reply" else "original" if direction else None)
        case _:
            return unknown(given)


def _names(given: Json) -> frozenset[str]:
    return frozenset(given if isinstance(given, list) else (given,))  # type: ignore[arg-type]


def _number(given: Json) -> int:
    return given if isinstance(given, int) else 0
