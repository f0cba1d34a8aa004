"""What a rule looks at: the expressions of nftables.

In: header fields, packet metadata, connection tracking, routes, constants and lookups. Out: frozen values. Never: a
verdict or any other effect on a packet.
"""

from dataclasses import dataclass
from typing import Literal as OneOf
from typing import TypeAlias

from warren.formats.nft.values import Element, Key, Unknown, Value


@dataclass(frozen=True, slots=True)
class Meta:
    """What the kernel knows of a packet: iifname, oifname, l4proto, nfproto, mark, protocol, pkttype, ..."""

    key: str


@dataclass(frozen=True, slots=True)
class Payload:
    """A header field: ip saddr, ip6 daddr, th dport, tcp flags, icmp type, ip frag-off, ether saddr, ..."""

    protocol: str
    field: str


@dataclass(frozen=True, slots=True)
class Ct:
    """What connection tracking knows: state, status, mark, direction, "ip saddr" of a direction, ..."""

    key: str
    direction: OneOf["original", "reply"] | None = None


@dataclass(frozen=True, slots=True)
class Fib:
    """A route lookup: result oif, oifname or type, by flags such as saddr, daddr, iif, mark."""

    result: str
    flags: frozenset[str]


@dataclass(frozen=True, slots=True)
class Rt:
    """A property of the chosen route: mtu, nexthop, ..."""

    key: str


@dataclass(frozen=True, slots=True)
class Numgen:
    """A number below `modulus`, random or in turn (the lab loses packets with it)."""

    mode: OneOf["random", "inc"]
    modulus: int
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Concat:
    """Several expressions looked up as one key."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Flags:
    """Named bits: `established,related` of ct state, `fin | syn` of tcp flags, `dnat` of ct status.

    What stands at the right of Ct state, Ct status and tcp flags is always this, also for one name.
    """

    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Masked:
    """Some bits of an expression: `ct mark & 0xff000000`, `tcp flags & (syn | rst)`."""

    expression: "Expression"
    mask: int | Flags


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant. `fib ... oif missing` has the literal "missing" ("exists")."""

    value: Value


@dataclass(frozen=True, slots=True)
class AnonymousSet:
    """`{ 22, 80-90 }`: keys without a name. Keep them disjoint and not adjacent, the kernel merges those."""

    elements: frozenset[Key]


@dataclass(frozen=True, slots=True)
class AnonymousMap:
    """`{ established : accept }`: pairs without a name."""

    elements: frozenset[Element]


@dataclass(frozen=True, slots=True)
class SetReference:
    """`@name`: a named set or map of the same table."""

    name: str


@dataclass(frozen=True, slots=True)
class MapLookup:
    """`ip daddr . th dport map @dnat4`: the value that a map gives for a key."""

    key: "Expression"
    map: SetReference | AnonymousMap


Expression: TypeAlias = (
    Meta
    | Payload
    | Ct
    | Fib
    | Rt
    | Numgen
    | Concat
    | Masked
    | Literal
    | Flags
    | AnonymousSet
    | SetReference
    | MapLookup
    | Unknown
)
