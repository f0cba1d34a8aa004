"""Rules of nftables: their text to the JSON that `nft -j` would list.

In: one line as `formats.nft.write` writes it. Out: JSON of its statements, and its comment. Knows only the words that
our own rules use; any other is refused, as a fake that guesses proves nothing.
"""

from __future__ import annotations

from warren.hosts.fake.values import constant, number
from warren.hosts.fake.words import Json, Refusal, Words

VERDICTS = ("accept", "drop", "return", "continue")
HEADERS = ("ip", "ip6", "tcp", "udp", "th", "icmp", "icmpv6")
OPERATORS = ("==", "!=")
FLAGS = ({"ct": {"key": "state"}}, {"ct": {"key": "status"}})


def rule(text: str) -> tuple[list[Json], str | None]:
    """The statements of a rule and its comment."""
    words, statements, comment = Words.of(text), list[Json](), None
    while words.next:
        if words.accept("comment"):
            comment = words.quoted()
        else:
            statements.append(statement(words))
    return statements, comment


def statement(words: Words) -> Json:
    """The next statement."""
    if words.next in VERDICTS:
        return {words.take(): None}
    if words.next in ("jump", "goto"):
        return {words.take(): {"target": words.take()}}
    match words.next:
        case "counter":
            words.take()
            return {"counter": {"packets": 0, "bytes": 0}}
        case "limit":
            return _limit(words)
        case "update" | "add":
            return _update(words)
        case "dnat":
            return _dnat(words)
        case "masquerade":
            return _masquerade(words)
        case "reject":
            words.expect("reject", "with")
            return {"reject": {"type": words.take(), "expr": words.take()}}
        case "ct" if words.listed[words.at + 1] in ("count", "timeout"):
            return _tracking(words)
        case _:
            return _mangle(words) or _match(words)


def _limit(words: Words) -> Json:
    words.expect("limit", "rate")
    over = words.accept("over")
    rate, _, per = words.take().partition("/")
    words.expect("burst")
    burst = number(words.take())
    words.expect("packets")
    return {"limit": {"rate": number(rate), "burst": burst, "per": per, **({"inv": True} if over else {})}}


def _update(words: Words) -> Json:
    op, target = words.take(), words.take()
    words.expect("{")
    key, inner = expression(words), list[Json]()
    while not words.accept("}"):
        inner.append(statement(words))
    return {"set": {"op": op, "elem": key, "set": target, **({"stmt": inner} if inner else {})}}


def _tracking(words: Words) -> Json:
    words.expect("ct")
    if words.accept("count"):
        over = words.accept("over")
        return {"ct count": {"val": number(words.take()), **({"inv": True} if over else {})}}
    words.expect("timeout", "set")
    return {"ct timeout": words.quoted()}


def _dnat(words: Words) -> Json:
    words.expect("dnat")
    family = words.take()
    words.expect("to")
    key = expression(words)
    words.expect("map")
    return {"dnat": {"family": family, "addr": {"map": {"key": key, "data": words.take()}}}}


def _masquerade(words: Words) -> Json:
    words.expect("masquerade")
    if not words.accept("to"):
        return {"masquerade": None}
    return {"masquerade": {"port": constant(words.take().removeprefix(":"), "inet_service")}}


def _mangle(words: Words) -> Json:
    """`meta mark set ...`, `ct mark set ...` and the size of TCP segments; None where something else stands."""
    ahead = words.listed[words.at : words.at + 5]
    if ahead == ["tcp", "option", "maxseg", "size", "set"]:
        words.at += 5
        return {"mangle": {"key": {"tcp option": {"name": "maxseg", "field": "size"}}, "value": number(words.take())}}
    if ahead[1:3] != ["mark", "set"] or ahead[0] not in ("meta", "ct"):
        return None
    words.at += 3
    return {"mangle": {"key": {ahead[0]: {"key": "mark"}}, "value": _marked(words)}}


def _marked(words: Words) -> Json:
    if words.next.startswith("0x"):
        return number(words.take())
    value = expression(words)
    if words.accept("|"):
        return {"|": [value, number(words.take())]}
    return value


def _match(words: Words) -> Json:
    left = expression(words)
    if words.accept("vmap"):
        return {"vmap": {"key": left, "data": words.take()}}
    said = words.take() if words.next in OPERATORS else None
    op: Json = said or ("in" if left in FLAGS else "==")
    return {"match": {"op": op, "left": left, "right": _right(words, left)}}


def _right(words: Words, left: Json) -> Json:
    if words.accept("{"):
        return {"set": [constant(part[0], "symbol") for part in words.listing()]}
    if words.next.startswith("@"):
        return words.take()
    names: list[Json] = [constant(words.take(), "symbol")]
    while left in FLAGS and words.accept(","):
        names.append(words.take())
    return names if len(names) > 1 else names[0]


def expression(words: Words) -> Json:
    """What a rule looks at; parts joined by dots are one key."""
    parts = [_part(words)]
    while words.accept("."):
        parts.append(_part(words))
    return parts[0] if len(parts) == 1 else {"concat": parts}


def _part(words: Words) -> Json:
    found = _plain(words)
    return {"&": [found, _mask(words)]} if words.accept("&") else found


def _plain(words: Words) -> Json:
    word = words.take()
    if word in ("iifname", "oifname"):
        return {"meta": {"key": word}}
    if word == "meta":
        return {"meta": {"key": words.take()}}
    if word == "ct":
        return {"ct": _tracked(words)}
    if word == "fib":
        return {"fib": {"flags": [words.take()], "result": words.take()}}
    if word in HEADERS:
        return {"payload": {"protocol": word, "field": words.take()}}
    raise Refusal(f"syntax error, unexpected {word}: {' '.join(words.listed)}")


def _tracked(words: Words) -> Json:
    direction: dict[str, Json] = {"dir": words.take()} if words.next in ("original", "reply") else {}
    family = f"{words.take()} " if words.next in ("ip", "ip6") else ""
    return {"key": family + words.take(), **direction}


def _mask(words: Words) -> Json:
    if not words.accept("("):
        mask = words.take()
        return mask if ":" in mask or "." in mask else number(mask)
    names: list[Json] = [words.take()]
    while words.accept("|"):
        names.append(words.take())
    words.expect(")")
    return {"|": names}
