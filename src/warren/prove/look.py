"""What a rule sees of a packet, and whether it is what the rule asks for.

In: expressions, constants, sets, and a view of one packet. Out: values and elements found. Never changes anything.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from warren.formats.nft import model as nft
from warren.prove.header import ICMP, ICMP6, NUMBERS, Packet
from warren.prove.policy import Place
from warren.prove.routing import LOOPBACK4, held

Known: TypeAlias = int | str | frozenset[str]
Lookups: TypeAlias = Mapping[str, nft.Set]

# The family to which each protocol of messages belongs.
MESSAGES = {ICMP: 4, ICMP6: 6}
# The types that people name; ICMP's other types are numbers (icmp(7), RFC 4443, RFC 4861).
ICMP_TYPES = {0: "echo-reply", 3: "destination-unreachable", 5: "redirect", 8: "echo-request", 11: "time-exceeded",
              12: "parameter-problem"}  # fmt: skip
ICMP6_TYPES = {1: "destination-unreachable", 2: "packet-too-big", 3: "time-exceeded", 4: "parameter-problem",
               128: "echo-request", 129: "echo-reply", 130: "mld-listener-query", 133: "nd-router-solicit",
               134: "nd-router-advert", 135: "nd-neighbor-solicit", 136: "nd-neighbor-advert",
               137: "nd-redirect"}  # fmt: skip
FAMILY = {"ip": 4, "ip6": 6}
# Words of four bytes before the transport's header where there are no options: no packet of the proof has any.
PLAIN_HEADER = 5
ORDERS: dict[str, Callable[[int, int], bool]] = {
    "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class View:
    """A packet at a hook: its devices by name, and what connection tracking says of it."""

    packet: Packet
    iif: str = ""
    oif: str = ""
    state: str = "new"
    direction: str = "original"
    ct_mark: int = 0
    status: frozenset[str] = frozenset()
    local: frozenset[Place] = frozenset()


def look(expression: nft.Expression, view: View) -> Known | None:
    """The value of an expression; None where the packet has none, and then no match holds."""
    match expression:
        case nft.Meta(key):
            return _meta(key, view)
        case nft.Payload(protocol, field):
            return _payload(protocol, field, view.packet)
        case nft.Ct(key, None):
            return _tracked(key, view)
        case nft.Masked(inner, mask):
            return _masked(look(inner, view), mask)
        case nft.Fib("type", flags) if "daddr" in flags:
            return "local" if is_local(view.packet.version, view.packet.target, view.local) else "unicast"
    return None


def is_local(version: int, number: int, local: frozenset[Place]) -> bool:
    """Whether an address is one of the node's own."""
    return (version, number) in local or (version == 4 and held((LOOPBACK4,), number))


def _meta(key: str, view: View) -> Known | None:
    match key:
        case "iifname" | "iif":
            return view.iif
        case "oifname" | "oif":
            return view.oif
        case "l4proto":
            return view.packet.protocol
        case "nfproto":
            return f"ipv{view.packet.version}"
        case "mark":
            return view.packet.mark
    return None


def _payload(protocol: str, field: str, packet: Packet) -> Known | None:
    if protocol in FAMILY:
        if FAMILY[protocol] != packet.version:
            return None
        fields = {"saddr": packet.source, "daddr": packet.target, "protocol": packet.protocol}
        return {**fields, "nexthdr": packet.protocol, "hdrlength": PLAIN_HEADER}.get(field)
    if protocol == "icmp" and field == "type":
        return _type(packet, ICMP, ICMP_TYPES)
    if protocol == "icmpv6" and field == "type":
        return _type(packet, ICMP6, ICMP6_TYPES)
    if protocol != "th" and NUMBERS.get(protocol) != packet.protocol:
        return None
    if (protocol, field) == ("tcp", "flags"):
        return packet.flags
    return {"sport": packet.sport, "dport": packet.dport}.get(field)


def _type(packet: Packet, protocol: int, names: Mapping[int, str]) -> Known | None:
    # nft asks for the family along with the protocol: IPv4 can carry number 58, and IPv6 number 1.
    if packet.protocol != protocol or packet.version != MESSAGES[protocol]:
        return None
    number = packet.sport >> 8
    return names.get(number, number)


def _tracked(key: str, view: View) -> Known | None:
    match key:
        case "state":
            return frozenset({view.state})
        case "status":
            return view.status
        case "direction":
            return view.direction
        case "mark":
            return view.ct_mark
    return None


def _masked(value: Known | None, mask: int | nft.Flags) -> Known | None:
    if isinstance(value, int) and isinstance(mask, int):
        return value & mask
    if isinstance(value, frozenset) and isinstance(mask, nft.Flags):
        return value & mask.names
    return None


def holds(lookups: Lookups, match: nft.Match, view: View) -> tuple[bool, nft.Element | None]:
    """Whether a match holds, and the element that made it hold."""
    if isinstance(match.right, nft.SetReference | nft.AnonymousSet):
        return _member(lookups, match, view)
    value = look(match.left, view)
    if value is None:
        return False, None
    return compares(match.op, value, match.right), None


def compares(op: str, value: Known, right: nft.Expression) -> bool:
    """Whether a known value stands in this relation to a constant."""
    match right:
        case nft.Flags(names) if isinstance(value, frozenset):
            return {"in": bool(value & names), "!": not value & names, "==": value == names, "!=": value != names}[op]
        case nft.Literal(constant):
            if op in ORDERS:
                return isinstance(value, int) and isinstance(constant, int) and ORDERS[op](value, constant)
            return fits(value, constant) == (op != "!=")
    return False


def _member(lookups: Lookups, match: nft.Match, view: View) -> tuple[bool, nft.Element | None]:
    values = _values(match.left, view)
    if values is None:
        return False, None
    if isinstance(match.right, nft.AnonymousSet):
        inside = any(_all_fit(values, key) for key in match.right.elements)
        return inside == (match.op != "!="), None
    assert isinstance(match.right, nft.SetReference)
    found = _first(lookups.get(match.right.name), values)
    return (found is not None) == (match.op != "!="), found


def find(
    lookups: Lookups, where: nft.SetReference | nft.AnonymousMap, key: nft.Expression, view: View
) -> nft.Element | None:
    """The element of a map for a packet's key."""
    values = _values(key, view)
    if values is None:
        return None
    if isinstance(where, nft.AnonymousMap):
        return next((each for each in where.elements if _all_fit(values, each.key)), None)
    return _first(lookups.get(where.name), values)


def _values(expression: nft.Expression, view: View) -> tuple[Known, ...] | None:
    parts = expression.parts if isinstance(expression, nft.Concat) else (expression,)
    values = tuple(look(part, view) for part in parts)
    return None if None in values else tuple(value for value in values if value is not None)


def _first(held_by: nft.Set | None, values: tuple[Known, ...]) -> nft.Element | None:
    if held_by is None:
        return None
    return next((each for each in held_by.elements if _all_fit(values, each.key)), None)


def _all_fit(values: Iterable[Known], key: nft.Key) -> bool:
    return all(fits(value, constant) for value, constant in zip(values, key, strict=True))


def fits(value: Known, constant: nft.Value) -> bool:
    """Whether a packet's value is a constant, or inside it."""
    match constant:
        case nft.Prefix() | nft.Span():
            return isinstance(value, int) and constant.first <= value <= constant.last
        case str() if isinstance(value, int):
            return NUMBERS.get(constant) == value
        case str() if isinstance(value, str):
            return value == constant or (constant.endswith("*") and value.startswith(constant[:-1]))
        case str() if isinstance(value, frozenset):
            return constant in value
    return value == constant
