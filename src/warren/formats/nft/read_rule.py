"""What a rule does, from the JSON of nft.

In: JSON of statements. Out: statements; counts are left behind. Never: an exception for what is foreign here; that
becomes `Unknown`.
"""

from collections.abc import Callable
from typing import Literal as OneOf
from typing import cast

from warren.formats.nft.model import (
    Counter,
    CounterNamed,
    CtCount,
    CtTimeout,
    Dnat,
    Endpoint,
    Family,
    Limit,
    Log,
    MapLookup,
    MarkLookup,
    MarkSet,
    Masquerade,
    Notrack,
    Prefix,
    Redirect,
    Reject,
    Rt,
    Rule,
    SetMss,
    SetUpdate,
    Snat,
    Span,
    Statement,
    VerdictMap,
)
from warren.formats.nft.read_expression import expression, mapped, match
from warren.formats.nft.read_value import VERSIONS, Json, unknown, value, verdict

WHOLE = 0xFFFFFFFF
BYTES = {"bytes": 1, "kbytes": 1 << 10, "mbytes": 1 << 20}
ADDRESSES = {"ip": "ipv4_addr", "ip6": "ipv6_addr"}
MSS = {"tcp option": {"name": "maxseg", "field": "size"}}


def rule(given: dict[str, Json]) -> Rule:
    listed = given.get("expr")
    comment = given.get("comment")
    return Rule(
        tuple(statement(each) for each in listed) if isinstance(listed, list) else (),
        comment if isinstance(comment, str) else None,
    )


def statement(given: Json) -> Statement:
    """One statement; JSON of nft is an object with the statement's word as its only key."""
    if not isinstance(given, dict) or len(given) != 1:
        return unknown(given)
    found = verdict(given)
    if found is not None:
        return found
    ((word, body),) = given.items()
    read = READERS.get(word)
    if read is None:
        return unknown(given)
    return read(body) or unknown(given)


def _vmap(body: Json) -> Statement | None:
    match body:
        case {"key": key, "data": target}:
            looked = expression(key)
            return VerdictMap(looked, mapped(target, looked, ("verdict",)))
    return None


def _mangle(body: Json) -> Statement | None:
    match body:
        case {"key": {"meta": {"key": "mark"}}, "value": given}:
            return _mark("meta", given)
        case {"key": {"ct": {"key": "mark"}}, "value": given}:
            return _mark("ct", given)
        case {"key": key, "value": int(size)} if key == MSS:
            return SetMss(size)
        case {"key": key, "value": {"rt": {"key": str(route)}}} if key == MSS:
            return SetMss(Rt(route))
    return None


def _mark(target: OneOf["meta", "ct"], given: Json) -> Statement | None:
    match given:
        case int():
            return MarkSet(target, 0, given)
        case {"|": [source, int(added)]}:
            kept = _kept(source)
            return kept and MarkSet(target, kept[1], added, kept[0])
        case {"map": {"key": key, "data": pairs}}:
            looked = expression(key)
            return MarkLookup(target, MapLookup(looked, mapped(pairs, looked, ("mark",))))
        case _:
            kept = _kept(given)
            return kept and MarkSet(target, kept[1], 0, kept[0])


def _kept(given: Json) -> tuple[OneOf["meta", "ct"], int] | None:
    """Whose mark, and which bits of it."""
    match given:
        case {"&": [source, int(mask)]}:
            found = _kept(source)
            return found and (found[0], found[1] & mask)
        case {"meta": {"key": "mark"}}:
            return "meta", WHOLE
        case {"ct": {"key": "mark", **rest}} if not rest:
            return "ct", WHOLE
    return None


def _translate(make: type[Dnat] | type[Snat]) -> Callable[[Json], Statement | None]:
    def read(body: Json) -> Statement | None:
        if not isinstance(body, dict):
            return None
        family, flags = body.get("family"), _words(body.get("flags"))
        to = _target(body, ADDRESSES.get(str(family), "symbol"))
        if (
            to is None
            or family not in ("ip", "ip6", None)
            or body.keys() - {"family", "flags", "addr", "port", "type_flags"}
        ):
            return None
        return make(cast(Family | None, family), to, flags)

    return read


def _target(body: dict[str, Json], kind: str) -> MapLookup | Endpoint | None:
    match body.get("addr"):
        case {"map": {"key": key, "data": pairs}}:
            looked = expression(key)
            return None if "port" in body else MapLookup(looked, mapped(pairs, looked, _data_kinds(pairs, kind)))
        case None:
            return _endpoint(None, body)
        case given:
            address = value(given, kind)
            return _endpoint(address, body) if isinstance(address, Prefix | Span) and kind in VERSIONS else None


def _endpoint(address: Prefix | Span | None, body: dict[str, Json]) -> Endpoint | None:
    if "port" not in body:
        return Endpoint(address)
    port = value(body["port"], "inet_service")
    return Endpoint(address, port) if isinstance(port, int | Span) else None


def _data_kinds(pairs: Json, kind: str) -> tuple[str, ...]:
    """An address, or an address and a port: a map without a name shows it only by its data."""
    match pairs:
        case {"set": [[_, {"concat": _}], *_]}:
            return (kind, "inet_service")
    return (kind,)


def _ports(make: type[Masquerade] | type[Redirect]) -> Callable[[Json], Statement | None]:
    def read(body: Json) -> Statement | None:
        match body:
            case None:
                return make()
            case dict() if body.keys() <= {"port", "flags"}:
                target = _endpoint(None, body)
                return make(target.port, _words(body.get("flags"))) if target else None
        return None

    return read


def _counter(body: Json) -> Statement | None:
    return CounterNamed(body) if isinstance(body, str) else Counter()


def _limit(body: Json) -> Statement | None:
    match body:
        case {"rate": int(rate), "per": str(per), **rest}:
            over, burst = bool(rest.get("inv")), rest.get("burst", 5)
            unit = BYTES.get(str(rest.get("rate_unit")))
            depth = BYTES.get(str(rest.get("burst_unit")), 1)
            if not isinstance(burst, int):
                return None
            if unit is None:
                return Limit(rate, per, burst, over)  # type: ignore[arg-type]
            return Limit(rate * unit, per, burst * depth, over, "bytes")  # type: ignore[arg-type]
    return None


def _ct_count(body: Json) -> Statement | None:
    match body:
        case {"val": int(count), **rest}:
            return CtCount(count, bool(rest.get("inv")))
    return None


def _ct_timeout(body: Json) -> Statement | None:
    return CtTimeout(body) if isinstance(body, str) else None


def _update(body: Json) -> Statement | None:
    match body:
        case {"op": "add" | "update" | "delete" as op, "elem": given, "set": str(target), **rest}:
            key, timeout = _timed(given)
            inner = rest.get("stmt", [])
            statements = tuple(statement(each) for each in inner) if isinstance(inner, list) else ()
            return SetUpdate(
                cast(OneOf["add", "update", "delete"], op), target[1:], expression(key), statements, timeout
            )
    return None


def _timed(given: Json) -> tuple[Json, int | None]:
    match given:
        case {"elem": {"val": key, "timeout": int(timeout)}}:
            return key, timeout
        case {"elem": {"val": key}}:
            return key, None
    return given, None


def _reject(body: Json) -> Statement | None:
    match body:
        case None:
            return Reject()
        case {"type": "tcp reset"}:
            return Reject("tcp reset")
        case {"type": "icmp" | "icmpv6" | "icmpx" as kind, "expr": str(code)}:
            return Reject(cast(OneOf["icmp", "icmpv6", "icmpx"], kind), code)
    return None


def _log(body: Json) -> Statement | None:
    given = body or {}
    if not isinstance(given, dict):
        return None
    return Log(
        cast(str | None, given.get("prefix")),
        cast(str | None, given.get("level")),
        cast(int | None, given.get("group")),
        cast(int | None, given.get("snaplen")),
        cast(int | None, given.get("queue-threshold")),
        _words(given.get("flags")),
    )


def _words(given: Json) -> frozenset[str]:
    """Flags: none, one, or a list."""
    listed = given if isinstance(given, list) else [] if given is None else [given]
    return frozenset(str(each) for each in listed)


READERS: dict[str, Callable[[Json], Statement | None]] = {
    "match": match,
    "vmap": _vmap,
    "mangle": _mangle,
    "dnat": _translate(Dnat),
    "snat": _translate(Snat),
    "masquerade": _ports(Masquerade),
    "redirect": _ports(Redirect),
    "counter": _counter,
    "limit": _limit,
    "ct count": _ct_count,
    "ct timeout": _ct_timeout,
    "set": _update,
    "reject": _reject,
    "log": _log,
    "notrack": lambda body: Notrack(),
}
