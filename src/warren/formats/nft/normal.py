"""One spelling of a rule for what nft lists in one way only.

In: the statements of a rule as somebody wrote them. Out: the same meaning as the kernel's listing spells it: a protocol
that a header field implies is not matched twice, neighbouring fields are in the header's order. Never: another meaning.
"""

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import TypeVar

from warren.formats.nft.expressions import Concat, Expression, Literal, Meta, Payload
from warren.formats.nft.statements import Match, Statement

TRANSPORT = frozenset(("tcp", "udp", "udplite", "sctp", "dccp"))
IMPLIED = {("nfproto", "ipv4"): "ip", ("nfproto", "ipv6"): "ip6", ("l4proto", "ipv6-icmp"): "icmpv6"}
# Where fields lie: the kernel compares neighbours in one go, and then they are listed in the order of the header.
ORDER = {
    "ip": ("version", "hdrlength", "dscp", "ecn", "length", "id", "frag-off", "ttl", "protocol", "checksum"),
    "ip6": ("version", "dscp", "ecn", "flowlabel", "length", "nexthdr", "hoplimit"),
}
LAST = ("type", "code", "sport", "saddr", "dport", "daddr")

# As `nft describe icmp code` and `nft describe icmpv6 code` name them.
CODES: dict[str, dict[str, int]] = {
    "icmp": {
        "net-unreachable": 0,
        "host-unreachable": 1,
        "prot-unreachable": 2,
        "port-unreachable": 3,
        "frag-needed": 4,
        "net-prohibited": 9,
        "host-prohibited": 10,
        "admin-prohibited": 13,
    },
    "icmpv6": {
        "no-route": 0,
        "admin-prohibited": 1,
        "addr-unreachable": 3,
        "port-unreachable": 4,
        "policy-fail": 5,
        "reject-route": 6,
    },
}

Node = TypeVar("Node")


def statements(given: Sequence[Statement]) -> tuple[Statement, ...]:
    named = tuple(map(_with_number, _with_transport(given)))
    kept = tuple(each for place, each in enumerate(named) if not _is_implied(each, named[place + 1 :]))
    return tuple(_in_header_order(kept))


def _with_number(given: Statement) -> Statement:
    """Codes of ICMP by number: nft 1.0 lists a name, of any type of message, and 1.1 the number."""
    match given:
        case Match(op, Payload("icmp" | "icmpv6" as protocol, "code") as code, Literal(str(name))):
            return Match(op, code, Literal(CODES[protocol].get(name, name)))
        case _:
            return given


def _with_transport(given: Sequence[Statement]) -> Iterator[Statement]:
    """`th dport` is `tcp dport` once the rule has said tcp."""
    known: str | None = None
    for each in given:
        each = each if known is None else _named(each, known)
        yield each
        known = known or _protocol(each)


def _protocol(statement: Statement) -> str | None:
    """The transport protocol that a match leaves for certain."""
    match statement:
        case Match("==", Meta("l4proto") | Payload("ip", "protocol") | Payload("ip6", "nexthdr"), Literal(str(name))):
            return name if name in TRANSPORT else None
        case Match(_, Payload(name), _):
            return name if name in TRANSPORT else None
    return None


def _named(node: Node, protocol: str) -> Node:
    """The same tree with `protocol` where it says th."""
    if isinstance(node, Payload):
        return replace(node, protocol=protocol) if node.protocol == "th" else node
    if isinstance(node, tuple):
        return tuple(_named(each, protocol) for each in node)  # type: ignore[return-value]
    if not is_dataclass(node) or isinstance(node, type):
        return node
    found = {each.name: getattr(node, each.name) for each in fields(node) if each.init}
    changed = {name: _named(value, protocol) for name, value in found.items()}
    return replace(node, **changed) if changed != found else node


def _is_implied(statement: Statement, later: Sequence[Statement]) -> bool:
    """Whether a match of a protocol is said again by a header field, before anything else happens."""
    match statement:
        case Match("==", Meta("nfproto" | "l4proto" as key), Literal(str(name))):
            wanted = IMPLIED.get((key, name), name)
        case _:
            return False
    for each in later:
        if not isinstance(each, Match):
            return False
        if any(part.protocol == wanted for part in _payloads(each.left)):
            return True
    return False


def _payloads(expression: Expression) -> Iterator[Payload]:
    if isinstance(expression, Payload):
        yield expression
    elif isinstance(expression, Concat):
        for part in expression.parts:
            yield from _payloads(part)


def _in_header_order(given: Sequence[Statement]) -> Iterator[Statement]:
    run: list[tuple[Payload, Statement]] = []
    for each in given:
        field = _field(each)
        if run and not (field and field.protocol == run[0][0].protocol):
            yield from _sorted(run)
            run = []
        if field:
            run.append((field, each))
        else:
            yield each
    yield from _sorted(run)


def _field(statement: Statement) -> Payload | None:
    """The header field of a comparison with one constant."""
    match statement:
        case Match("==", Payload() as field, Literal()):
            return field
    return None


def _sorted(run: list[tuple[Payload, Statement]]) -> Iterator[Statement]:
    return (statement for _, statement in sorted(run, key=lambda pair: _offset(pair[0])))


def _offset(field: Payload) -> tuple[int, int]:
    early = ORDER.get(field.protocol, ())
    if field.field in early:
        return 0, early.index(field.field)
    return (1, LAST.index(field.field)) if field.field in LAST else (2, 0)
