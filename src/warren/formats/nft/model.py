"""The words of nftables as values: tables, sets, chains, rules, statements and expressions.

In: the parts of warren that say what a host's rules are, and the reader of `nft -j`. Out: frozen, hashable, ordered
values that mean the same when they are equal. Never: text, JSON, or a judgement whether a rule is a good idea.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_network,
)
from typing import Literal as OneOf
from typing import TypeAlias

Addressable: TypeAlias = str | IPv4Address | IPv6Address | IPv4Network | IPv6Network


# ------------------------------------------------------------------------------------------------- values


@dataclass(frozen=True, slots=True)
class Prefix:
    """An IP prefix; one of full length is a single address. Bits beyond `length` are zero."""

    version: OneOf[4, 6]
    value: int
    length: int

    @classmethod
    def of(cls, place: Addressable) -> "Prefix":
        """The prefix that a text, address or network of `ipaddress` names (host bits must be zero)."""
        net = place if isinstance(place, IPv4Network | IPv6Network) else ip_network(place)
        return cls(4 if net.version == 4 else 6, int(net.network_address), net.prefixlen)

    @property
    def bits(self) -> int:
        return 32 if self.version == 4 else 128

    @property
    def single(self) -> bool:
        return self.length == self.bits

    @property
    def first(self) -> int:
        return self.value

    @property
    def last(self) -> int:
        return self.value | ((1 << (self.bits - self.length)) - 1)

    def __str__(self) -> str:
        text = str(IPv4Address(self.value) if self.version == 4 else IPv6Address(self.value))
        return text if self.single else f"{text}/{self.length}"


@dataclass(frozen=True, slots=True)
class Span:
    """From first to last, both included: of numbers (version 0) or of addresses (4, 6).

    A span of one number is an int, and a span that is a prefix is a `Prefix`: use `span()`, which knows.
    """

    first: int
    last: int
    version: OneOf[0, 4, 6] = 0


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something the kernel holds that this language has no word for: canonical JSON text. Reading never fails."""

    text: str


# Ports, marks and numbers are int; interface names ("v-*" matches a beginning), protocols, icmp types and link
# addresses are str; addresses are Prefix.
Value: TypeAlias = int | str | Prefix | Span | Unknown
Key: TypeAlias = tuple[Value, ...]


def span(first: int, last: int, version: OneOf[0, 4, 6] = 0) -> int | Prefix | Span:
    """The one way to write a range, so that equal ranges are equal values."""
    if version == 0:
        return first if first == last else Span(first, last)
    size = last - first + 1
    bits = 32 if version == 4 else 128
    if size & (size - 1) == 0 and first % size == 0:
        return Prefix(version, first, bits - size.bit_length() + 1)
    return Span(first, last, version)


# ----------------------------------------------------------------------------------------------- verdicts


@dataclass(frozen=True, slots=True)
class Accept:
    """The packet leaves this hook; later base chains of the same hook still see it."""


@dataclass(frozen=True, slots=True)
class Drop:
    """The packet is gone."""


@dataclass(frozen=True, slots=True)
class Return:
    """Back to the caller, or to the policy in a base chain."""


@dataclass(frozen=True, slots=True)
class Continue:
    """On with the next rule."""


@dataclass(frozen=True, slots=True)
class Jump:
    """Into another chain of the table, and back after it."""

    chain: str


@dataclass(frozen=True, slots=True)
class Goto:
    """Into another chain of the table, not back."""

    chain: str


Verdict: TypeAlias = Accept | Drop | Return | Continue | Jump | Goto


# ------------------------------------------------------------------------------------- sets and elements


@dataclass(frozen=True, slots=True)
class Element:
    """One member of a set (`data` None) or one pair of a map: a key and what it leads to."""

    key: Key
    data: Key | Verdict | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Set:
    """A named set, map (`data_type` given) or verdict map (`data_type` is ("verdict",)).

    `dynamic` is among the flags exactly when rules of the table update it: `Table` sees to that, because nft 1.0.6
    does not print the flag. What rules or time put into a set (dynamic, timeout) is not an element here; the counters
    of such elements are read by `read.counters`.
    """

    name: str
    key_type: tuple[str, ...]
    data_type: tuple[str, ...] | None = None
    flags: frozenset[str] = frozenset()
    size: int | None = None
    timeout: int | None = None
    counter: bool = False
    elements: frozenset[Element] = frozenset()

    @property
    def volatile(self) -> bool:
        """Whether the kernel fills it, so that its elements are not compared."""
        return not self.flags.isdisjoint(("dynamic", "timeout"))


# -------------------------------------------------------------------------------------------- expressions


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


# --------------------------------------------------------------------------------------------- statements


Operator: TypeAlias = OneOf["==", "!=", "<", ">", "<=", ">=", "in"]


@dataclass(frozen=True, slots=True)
class Match:
    """Go on only if it holds.

    `in` is for flags alone and means: one bit at least in common (`ct state new`). Membership in a set is `==`.
    """

    op: Operator
    left: Expression
    right: Expression


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


@dataclass(frozen=True, slots=True)
class Dnat:
    """A new destination, fixed or from a map whose data is an address, or an address and a port."""

    family: Family | None
    to: MapLookup | Endpoint
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Snat:
    """A new source, fixed or from a map."""

    family: Family | None
    to: MapLookup | Endpoint
    flags: frozenset[str] = frozenset()


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
    """A token bucket: holds while the rate is kept, or (`over`) once it is exceeded."""

    rate: int
    per: OneOf["second", "minute", "hour", "day", "week"]
    burst: int = 5
    over: bool = False
    unit: OneOf["packets", "bytes"] = "packets"


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
    """An answer that says no: type icmp, icmpv6, icmpx or "tcp reset"; None is port-unreachable of either family."""

    type: OneOf["icmp", "icmpv6", "icmpx", "tcp reset"] | None = None
    code: str | int | None = None


@dataclass(frozen=True, slots=True)
class Log:
    """A line in the kernel's log, or a message to the listeners of a group."""

    prefix: str | None = None
    level: str | None = None
    group: int | None = None
    snaplen: int | None = None
    queue_threshold: int | None = None
    flags: frozenset[str] = frozenset()


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
    | SetUpdate
    | Reject
    | Log
    | SetMss
    | Notrack
    | Unknown
)


# --------------------------------------------------------------------------------- rules, chains, tables


@dataclass(frozen=True, slots=True)
class Rule:
    """Statements from left to right; the comment says where the rule comes from (128 bytes at most)."""

    statements: tuple[Statement, ...]
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Hook:
    """Where a base chain sees packets. Priorities: mangle -150, dstnat -100, filter 0, srcnat 100."""

    type: OneOf["filter", "nat", "route"]
    hook: OneOf["prerouting", "input", "forward", "output", "postrouting"]
    priority: int
    policy: OneOf["accept", "drop"] = "accept"


@dataclass(frozen=True, slots=True)
class Chain:
    """Rules in order; a base chain has a hook."""

    name: str
    rules: tuple[Rule, ...] = ()
    hook: Hook | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table; sets, maps, chains and named counters are in the order of their names, whatever order they are given in.

    `sets` hold no data type, `maps` do. The dynamic flag follows from the rules (see `Set`), and volatile sets are
    kept without elements.
    """

    family: OneOf["inet", "ip", "ip6"]
    name: str
    sets: tuple[Set, ...] = ()
    maps: tuple[Set, ...] = ()
    chains: tuple[Chain, ...] = ()
    counters: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        updated = set(_updated(self.chains))
        given = [_settled(each, each.name in updated) for each in (*self.sets, *self.maps)]
        given.sort(key=lambda each: each.name)
        object.__setattr__(self, "sets", tuple(each for each in given if each.data_type is None))
        object.__setattr__(self, "maps", tuple(each for each in given if each.data_type is not None))
        object.__setattr__(self, "chains", tuple(sorted(self.chains, key=lambda chain: chain.name)))
        object.__setattr__(self, "counters", tuple(sorted(self.counters)))

    def lookups(self) -> dict[str, Set]:
        """Sets and maps by name: in nftables they share one space of names."""
        return {each.name: each for each in (*self.sets, *self.maps)}

    def chain(self, name: str) -> Chain | None:
        return next((chain for chain in self.chains if chain.name == name), None)


def _updated(chains: tuple[Chain, ...]) -> Iterator[str]:
    for chain in chains:
        for rule in chain.rules:
            for statement in rule.statements:
                if isinstance(statement, SetUpdate):
                    yield statement.set


def _settled(given: Set, updated: bool) -> Set:
    flags = given.flags | {"dynamic"} if updated else given.flags - {"dynamic"}
    volatile = not flags.isdisjoint(("dynamic", "timeout"))
    elements = frozenset() if volatile else given.elements
    if flags == given.flags and elements == given.elements:
        return given
    return Set(given.name, given.key_type, given.data_type, flags, given.size, given.timeout, given.counter, elements)
