"""Which type of nftables an expression has, so that constants beside it can be written and read.

In: expressions. Out: type names such as ("ipv4_addr", "inet_service"). Never: a guess; what is not known is "symbol".
"""

from warren.formats.nft.expressions import (
    Concat,
    Ct,
    Expression,
    Fib,
    MapLookup,
    Masked,
    Meta,
    Numgen,
    Payload,
    Rt,
)

META = {
    "iifname": "ifname",
    "oifname": "ifname",
    "sdifname": "ifname",
    "ibrname": "ifname",
    "obrname": "ifname",
    "iif": "ifname",
    "oif": "ifname",
    "mark": "mark",
    "l4proto": "inet_proto",
}
CT = {"mark": "mark", "protocol": "inet_proto", "state": "flags", "status": "flags", "label": "flags", "event": "flags"}
FIELD = {"saddr": "address", "daddr": "address", "sport": "inet_service", "dport": "inet_service"}
ADDRESS = {"ip": "ipv4_addr", "ip6": "ipv6_addr", "ether": "ether_addr", "arp": "ipv4_addr"}


def kinds(expression: Expression) -> tuple[str, ...]:
    """The types of the parts of an expression's value."""
    if isinstance(expression, Concat):
        return tuple(kind for part in expression.parts for kind in kinds(part))
    return (kind(expression),)


def kind(expression: Expression) -> str:
    """The type of one value; of a concatenation ask `kinds`."""
    match expression:
        case Meta(key):
            return META.get(key, "symbol")
        case Payload(protocol, field):
            return _payload(protocol, field)
        case Ct(key):
            return _ct(key)
        case Fib(result):
            return "ifname" if result.startswith("oif") else "symbol"
        case Masked(inner):
            return kind(inner)
        case Numgen() | Rt() | MapLookup():
            return "number"
        case _:
            return "symbol"


def _payload(protocol: str, field: str) -> str:
    if field in ("protocol", "nexthdr"):
        return "inet_proto"
    if (protocol, field) == ("tcp", "flags"):
        return "flags"
    found = FIELD.get(field, "symbol")
    return ADDRESS.get(protocol, "symbol") if found == "address" else found


def _ct(key: str) -> str:
    family, _, field = key.rpartition(" ")
    if family:
        return ADDRESS.get(family, "symbol")
    if field in ("proto-src", "proto-dst"):
        return "inet_service"
    return CT.get(field, "symbol")
