"""What a rule does, as nft's text.

In: rules and statements. Out: text on one line, as `nft list` prints it where that is possible. Never: a statement that
was only read (Unknown): it raises ValueError.
"""

from warren.formats.nft import write_value
from warren.formats.nft.model import (
    Accept,
    Continue,
    Counter,
    CounterNamed,
    CtCount,
    CtTimeout,
    Dnat,
    Drop,
    Endpoint,
    Goto,
    Jump,
    Limit,
    Log,
    MapLookup,
    MarkLookup,
    MarkSet,
    Masquerade,
    Match,
    Notrack,
    Redirect,
    Reject,
    Return,
    Rt,
    Rule,
    SetMss,
    SetUpdate,
    Snat,
    Span,
    Statement,
    Unknown,
    VerdictMap,
)
from warren.formats.nft.write_expression import expression, mapped, match, words
from warren.formats.nft.write_value import name, plain, quote, verdict

WHOLE = 0xFFFFFFFF


def rule(given: Rule) -> str:
    parts = [statement(each) for each in given.statements]
    if given.comment is not None:
        parts.append(f"comment {quote(given.comment)}")
    return " ".join(parts)


def statement(given: Statement) -> str:
    """One statement; a rule is several with spaces between."""
    match given:
        case Match():
            return match(given)
        case VerdictMap(key, target):
            return f"{expression(key)} vmap {mapped(target, key)}"
        case Accept() | Drop() | Return() | Continue() | Jump() | Goto():
            return verdict(given)
        case MarkSet():
            return _mark(given)
        case MarkLookup(target, lookup):
            return f"{target} mark set {expression(lookup)}"
        case Dnat() | Snat():
            return _translate(given)
        case Masquerade(ports, flags):
            return f"masquerade{_ports(ports)}{_flags(flags)}"
        case Redirect(ports, flags):
            return f"redirect{_ports(ports)}{_flags(flags)}"
        case Unknown(text):
            raise ValueError(f"nothing that nft reads as text: {text}")
        case _:
            return _aside(given)


def _aside(
    given: Counter | CounterNamed | Limit | CtCount | CtTimeout | SetUpdate | Reject | Log | SetMss | Notrack,
) -> str:
    """What does not move the packet elsewhere."""
    match given:
        case Counter():
            return "counter"
        case CounterNamed(counter):
            return f'counter name "{name(counter)}"'
        case Limit():
            return _limit(given)
        case CtCount(count, over):
            return f"ct count {'over ' if over else ''}{count}"
        case CtTimeout(policy):
            return f'ct timeout set "{name(policy)}"'
        case SetUpdate():
            return _update(given)
        case Reject(kind, code):
            return f"reject with {kind}" + (f" {words(code)}" if code else "")
        case Log():
            return _log(given)
        case SetMss(size):
            return f"tcp option maxseg size set {expression(size) if isinstance(size, Rt) else size}"
        case Notrack():
            return "notrack"


def _mark(given: MarkSet) -> str:
    to = f"{given.target} mark set"
    if not given.keep:
        return f"{to} {write_value.mark(given.value)}"
    source = f"{given.source or given.target} mark"
    kept = "" if given.keep == WHOLE & ~given.value else f" & {write_value.mark(given.keep)}"
    added = f" | {write_value.mark(given.value)}" if given.value else ""
    return f"{to} {source}{kept}{added}"


def _translate(given: Dnat | Snat) -> str:
    word = "dnat" if isinstance(given, Dnat) else "snat"
    family = f" {given.family}" if given.family else ""
    to = expression(given.to) if isinstance(given.to, MapLookup) else _endpoint(given.to)
    return f"{word}{family} to {to}{_flags(given.flags)}"


def _endpoint(given: Endpoint) -> str:
    if given.address is None:
        return _port(given.port)
    text = plain(given.address)
    if given.address.version == 6 and given.port is not None:
        text = "-".join(f"[{end}]" for end in text.split("-"))
    return text + _port(given.port)


def _ports(ports: int | Span | None) -> str:
    return "" if ports is None else f" to {_port(ports)}"


def _port(port: int | Span | None) -> str:
    return "" if port is None else f":{plain(port)}"


def _flags(flags: frozenset[str]) -> str:
    return f" {','.join(sorted(map(words, flags)))}" if flags else ""


def _limit(given: Limit) -> str:
    over = "over " if given.over else ""
    if given.unit == "bytes":
        burst = f" burst {given.burst} bytes" if given.burst else ""
        return f"limit rate {over}{given.rate} bytes/{given.per}{burst}"
    return f"limit rate {over}{given.rate}/{given.per} burst {given.burst} packets"


def _update(given: SetUpdate) -> str:
    parts = [expression(given.key)]
    if given.timeout is not None:
        parts.append(f"timeout {given.timeout}s")
    parts += [statement(each) for each in given.statements]
    return f"{given.op} @{name(given.set)} {{ {' '.join(parts)} }}"


def _log(given: Log) -> str:
    parts = ["log"]
    if given.prefix is not None:
        parts.append(f"prefix {quote(given.prefix)}")
    for word, value in (
        ("level", given.level),
        ("group", given.group),
        ("snaplen", given.snaplen),
        ("queue-threshold", given.queue_threshold),
    ):
        if value is not None:
            parts.append(f"{word} {words(str(value))}")
    parts += [f"flags {words(flag)}" for flag in sorted(given.flags)]
    return " ".join(parts)
