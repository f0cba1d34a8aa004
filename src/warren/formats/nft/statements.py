"""What a rule does: the statements of nftables.

In: expressions and constants. Out: frozen values, each an equal value for an equal effect. Never: text, or the order of
rules.
"""

from dataclasses import dataclass
from typing import Literal as OneOf
from typing import TypeAlias

from warren.formats.nft.comparison import Operator as Operator
from warren.formats.nft.comparison import comparison
from warren.formats.nft.expressions import AnonymousMap, Expression, MapLookup, Rt, SetReference
from warren.formats.nft.values import Prefix, Span, Unknown, Verdict, clean


@dataclass(frozen=True, slots=True)
class Match:
    """Go on only if it holds.

    `in` and `!` are for flags alone: at least one bit in common (`ct state new`), and none (`tcp flags ! syn`).
    Membership in a set is `==`.
    """

    op: Operator
    left: Expression
    right: Expression

    def __post_init__(self) -> None:
        op, right = comparison(self.op, self.left, self.right)
        object.__setattr__(self, "op", op)
        object.__setattr__(self, "right", right)


@dataclass(frozen=True, slots=True)
class VerdictMap:
    """`iifname vmap @ingress`: the verdict of the key's element; without one, on with the rule."""

    key: Expression
    map: SetReference | AnonymousMap


@dataclass(frozen=True, slots=True)
class MarkSet:
    """target mark = (source mark & keep) | value.

    A bit that `value` sets is not kept, and a source of which nothing is kept is the target: equal effects are equal
    values, also after the kernel has merged mask and value (it prints 0x10ffffff for 0x00ffffff | 0x10000000).
    """

    target: OneOf["meta", "ct"]
    keep: int
    value: int
    source: OneOf["meta", "ct"] | None = None  # None: the target

    def __post_init__(self) -> None:
        object.__setattr__(self, "keep", self.keep & ~self.value & 0xFFFFFFFF)
        if self.keep == 0 or self.source == self.target:
            object.__setattr__(self, "source", None)


@dataclass(frozen=True, slots=True)
class MarkLookup:
    """`meta mark set iifname map @marks`: the mark that a map gives."""

    target: OneOf["meta", "ct"]
    lookup: MapLookup


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a fixed translation leads: an address, a port (or a range), or both."""

    address: Prefix | Span | None = None
    port: int | Span | None = None


Family: TypeAlias = OneOf["ip", "ip6"]


def _family(given: Family | None, to: MapLookup | Endpoint) -> Family | None:
    if isinstance(to, Endpoint) and to.address is not None:
        return "ip" if to.address.version == 4 else "ip6"
    return given


@dataclass(frozen=True, slots=True)
class Dnat:
    """A new destination, fixed or from a map whose data is an address, or an address and a port."""

    family: Family | None
    to: MapLookup | Endpoint
    flags: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "family", _family(self.family, self.to))


@dataclass(frozen=True, slots=True)
class Snat:
    """A new source, fixed or from a map."""

    family: Family | None
    to: MapLookup | Endpoint
    flags: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "family", _family(self.family, self.to))


@dataclass(frozen=True, slots=True)
class Masquerade:
    """A new source: the address of the outgoing interface, the port from `ports` where given."""

    ports: int | Span | None = None
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Redirect:
    """A new destination: this host, at another port where given."""

    ports: int | Span | None = None
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Counter:
    """Packets and bytes counted in the rule. The counts are not part of the rule."""


@dataclass(frozen=True, slots=True)
class CounterNamed:
    """Packets and bytes counted in a counter of the table (`Table.counters`)."""

    name: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A token bucket: holds while the rate is kept, or (`over`) once it is exceeded. Give burst 0 or more for bytes."""

    rate: int
    per: OneOf["second", "minute", "hour", "day", "week"]
    burst: int = 5
    over: bool = False
    unit: OneOf["packets", "bytes"] = "packets"


@dataclass(frozen=True, slots=True)
class CtCount:
    """Holds while the connections (of the key, inside a `SetUpdate`) are at most `count`, or (`over`) are more."""

    count: int
    over: bool = False


@dataclass(frozen=True, slots=True)
class CtTimeout:
    """The connection is kept as long as a policy of the table says (`Table.timeouts`); for its first packet only."""

    name: str


@dataclass(frozen=True, slots=True)
class SetUpdate:
    """`update @meter { ip saddr limit rate over 9/minute }`: an element per key, with its own statements."""

    op: OneOf["add", "update", "delete"]
    set: str
    key: Expression
    statements: tuple["Statement", ...] = ()
    timeout: int | None = None


@dataclass(frozen=True, slots=True)
class Reject:
    """An answer that says no: without a code port-unreachable; "tcp reset" has none and needs a match of tcp before."""

    type: OneOf["icmp", "icmpv6", "icmpx", "tcp reset"] = "icmpx"
    code: str | None = None

    def __post_init__(self) -> None:
        if self.code is None and self.type != "tcp reset":
            object.__setattr__(self, "code", "port-unreachable")


@dataclass(frozen=True, slots=True)
class Log:
    """A line in the kernel's log (without a level: warn), or a message to the listeners of a group."""

    prefix: str | None = None
    level: str | None = None
    group: int | None = None
    snaplen: int | None = None
    queue_threshold: int | None = None
    flags: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "prefix", clean(self.prefix, 127))
        object.__setattr__(self, "level", None if self.level == "warn" else self.level)


@dataclass(frozen=True, slots=True)
class SetMss:
    """`tcp option maxseg size set`: a number, or what the route's mtu allows."""

    size: int | Rt


@dataclass(frozen=True, slots=True)
class Notrack:
    """No connection tracking for the packet."""


Statement: TypeAlias = (
    Match
    | VerdictMap
    | Verdict
    | MarkSet
    | MarkLookup
    | Dnat
    | Snat
    | Masquerade
    | Redirect
    | Counter
    | CounterNamed
    | Limit
    | CtCount
    | CtTimeout
    | SetUpdate
    | Reject
    | Log
    | SetMss
    | Notrack
    | Unknown
)
