"""The words of nftables as values: tables, sets, chains and rules, and the one place to import every word from.

In: the parts of warren that say what a host's rules are, and the reader of `nft -j`. Out: frozen, hashable, ordered
values that mean the same when they are equal. Never: text, JSON, or a judgement whether a rule is a good idea.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal as OneOf

from warren.formats.nft import normal
from warren.formats.nft.expressions import AnonymousMap as AnonymousMap
from warren.formats.nft.expressions import AnonymousSet as AnonymousSet
from warren.formats.nft.expressions import Concat as Concat
from warren.formats.nft.expressions import Ct as Ct
from warren.formats.nft.expressions import Expression as Expression
from warren.formats.nft.expressions import Fib as Fib
from warren.formats.nft.expressions import Flags as Flags
from warren.formats.nft.expressions import Literal as Literal
from warren.formats.nft.expressions import MapLookup as MapLookup
from warren.formats.nft.expressions import Masked as Masked
from warren.formats.nft.expressions import Meta as Meta
from warren.formats.nft.expressions import Numgen as Numgen
from warren.formats.nft.expressions import Payload as Payload
from warren.formats.nft.expressions import Rt as Rt
from warren.formats.nft.expressions import SetReference as SetReference
from warren.formats.nft.statements import Counter as Counter
from warren.formats.nft.statements import CounterNamed as CounterNamed
from warren.formats.nft.statements import CtCount as CtCount
from warren.formats.nft.statements import CtTimeout as CtTimeout
from warren.formats.nft.statements import Dnat as Dnat
from warren.formats.nft.statements import Endpoint as Endpoint
from warren.formats.nft.statements import Family as Family
from warren.formats.nft.statements import Limit as Limit
from warren.formats.nft.statements import Log as Log
from warren.formats.nft.statements import MarkLookup as MarkLookup
from warren.formats.nft.statements import MarkSet as MarkSet
from warren.formats.nft.statements import Masquerade as Masquerade
from warren.formats.nft.statements import Match as Match
from warren.formats.nft.statements import Notrack as Notrack
from warren.formats.nft.statements import Operator as Operator
from warren.formats.nft.statements import Redirect as Redirect
from warren.formats.nft.statements import Reject as Reject
from warren.formats.nft.statements import SetMss as SetMss
from warren.formats.nft.statements import SetUpdate as SetUpdate
from warren.formats.nft.statements import Snat as Snat
from warren.formats.nft.statements import Statement as Statement
from warren.formats.nft.statements import VerdictMap as VerdictMap
from warren.formats.nft.values import Accept as Accept
from warren.formats.nft.values import Addressable as Addressable
from warren.formats.nft.values import Continue as Continue
from warren.formats.nft.values import Drop as Drop
from warren.formats.nft.values import Element as Element
from warren.formats.nft.values import Goto as Goto
from warren.formats.nft.values import Jump as Jump
from warren.formats.nft.values import Key as Key
from warren.formats.nft.values import Prefix as Prefix
from warren.formats.nft.values import Return as Return
from warren.formats.nft.values import Span as Span
from warren.formats.nft.values import Unknown as Unknown
from warren.formats.nft.values import Value as Value
from warren.formats.nft.values import Verdict as Verdict
from warren.formats.nft.values import clean as clean
from warren.formats.nft.values import span as span

# nft gives this size to a set that rules fill and that says none.
DYNAMIC_SIZE = 65535


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


@dataclass(frozen=True, slots=True)
class Rule:
    """Statements from left to right; the comment says where the rule comes from (128 bytes at most).

    `normal` spells them as nft lists them: `meta l4proto tcp th dport 53` is `tcp dport 53`.
    """

    statements: tuple[Statement, ...]
    comment: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "comment", clean(self.comment))
        object.__setattr__(self, "statements", normal.statements(self.statements))


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
class Timeout:
    """How long connections are kept that rules give this policy (`CtTimeout`), in seconds for each state of theirs.

    For UDP there are `unreplied`, which holds until a connection is two seconds old, and `replied`. Leave out what is
    as nft has it by itself (30 and 120): it would not be listed.
    """

    name: str
    protocol: str
    policy: tuple[tuple[str, int], ...]
    family: OneOf["inet", "ip", "ip6"] = "inet"

    def __post_init__(self) -> None:
        object.__setattr__(self, "policy", tuple(sorted(self.policy)))


@dataclass(frozen=True, slots=True)
class Table:
    """A table; what has a name in it is in the order of the names, whatever order it is given in.

    `sets` hold no data type, `maps` do. The dynamic flag follows from the rules (see `Set`), and volatile sets are
    kept without elements.
    """

    family: OneOf["inet", "ip", "ip6"]
    name: str
    sets: tuple[Set, ...] = ()
    maps: tuple[Set, ...] = ()
    chains: tuple[Chain, ...] = ()
    counters: tuple[str, ...] = field(default=())
    timeouts: tuple[Timeout, ...] = ()

    def __post_init__(self) -> None:
        updated = set(_updated(self.chains))
        given = [_settled(each, each.name in updated) for each in (*self.sets, *self.maps)]
        given.sort(key=lambda each: each.name)
        object.__setattr__(self, "sets", tuple(each for each in given if each.data_type is None))
        object.__setattr__(self, "maps", tuple(each for each in given if each.data_type is not None))
        object.__setattr__(self, "chains", tuple(sorted(self.chains, key=lambda chain: chain.name)))
        object.__setattr__(self, "counters", tuple(sorted(self.counters)))
        object.__setattr__(self, "timeouts", tuple(sorted(self.timeouts, key=lambda each: each.name)))

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
    size = DYNAMIC_SIZE if updated and given.size is None else given.size
    return replace(given, flags=flags, size=size, elements=frozenset() if volatile else given.elements)
