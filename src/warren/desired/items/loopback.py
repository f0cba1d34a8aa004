"""A namespace's loopback over which connections may come from any address.

In: a namespace and its own IPv4 address. Out: the commands that make and undo it, and the same read back. Never a
packet with a foreign address outside: only the loopback has these routes, and the host drops what else tries.

A program that passes connections on to another in its namespace keeps the client's address: it binds that one without
any right (IP_FREEBIND, ip(7)), which for IPv4 must be local to be connected from. So everything is local to the table
`local`, which is only asked about the namespace's own addresses and by what answers at 127.0.0.1 and [::1].
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from warren.desired.items.route import PROTOCOL
from warren.desired.model import Item, Rank, differing_fields
from warren.desired.steps import Ip, Sh, Step
from warren.formats.iproute import RouteLine, RuleLine

LOOPBACK4, LOOPBACK6 = "127.0.0.0/8", "::1"
FIRST, TABLE6 = 10, "86"
EVERYTHING = ("0.0.0.0/0", "::/0")


@dataclass(frozen=True, slots=True)
class Loopback:
    """The loopback of `netns`, whose own address is `own`; empty where something of it is missing."""

    netns: str
    own: str

    @property
    def key(self) -> str:
        return f"loopback:{self.netns}"

    @property
    def rank(self) -> Rank:
        return Rank.LINK_ROUTE

    @property
    def inside(self) -> str | None:
        return f"netns:{self.netns}"

    def describe(self) -> str:
        return "connections keep the address of the client"

    def create(self) -> tuple[Step, ...]:
        """The rules first: while everything is local, nothing would leave."""
        local4, local6 = self._routes()
        four, six = self._rules()
        return (
            *(Ip(f"rule add {rule}", self.netns, 4) for rule in four),
            Ip("rule del pref 0", self.netns, 4),
            Ip(f"route add {local4}", self.netns, 4),
            Ip(f"rule add {six}", self.netns, 6),
            Ip(f"route add {local6}", self.netns, 6),
        )

    def change(self, old: Item) -> tuple[Step, ...]:
        return (*old.remove(), *self.create())

    def remove(self) -> tuple[Step, ...]:
        """The same backwards: never a moment without a table of what is local."""
        if not self.own:
            return self._what_is_left()
        local4, local6 = self._routes()
        four, six = self._rules()
        return (
            Ip(f"route del {local4}", self.netns, 4),
            Ip("rule add pref 0 lookup local protocol kernel", self.netns, 4),
            *(Ip(f"rule del {rule}", self.netns, 4) for rule in four),
            Ip(f"route del {local6}", self.netns, 6),
            Ip(f"rule del {six}", self.netns, 6),
        )

    def _rules(self) -> tuple[tuple[str, ...], str]:
        asked = (f"from {LOOPBACK4}", f"to {LOOPBACK4}", f"to {self.own}")
        four = (f"pref {FIRST + at} {words} lookup local protocol {PROTOCOL}" for at, words in enumerate(asked))
        return tuple(four), f"pref {FIRST} from {LOOPBACK6} lookup {TABLE6} protocol {PROTOCOL}"

    def _routes(self) -> tuple[str, ...]:
        tables = zip(EVERYTHING, ("local", TABLE6), strict=True)
        return tuple(f"local {prefix} dev lo table {table} proto {PROTOCOL}" for prefix, table in tables)

    def _what_is_left(self) -> tuple[Step, ...]:
        """Nobody knows which parts somebody took away."""
        four, six = f"ip -n {self.netns} -4", f"ip -n {self.netns} -6"
        return (
            Sh(f"{four} route del local {EVERYTHING[0]} dev lo table local 2>/dev/null || :"),
            Sh(f"{four} rule add pref 0 lookup local protocol kernel 2>/dev/null || :"),
            Sh(f"{four} rule flush protocol {PROTOCOL}; {six} rule flush protocol {PROTOCOL}"),
            Sh(f"{six} route flush table {TABLE6} 2>/dev/null || :"),
        )

    def differences(self, old: Item) -> tuple[str, ...]:
        if isinstance(old, Loopback) and not old.own:
            return ("something of it is gone",)
        return differing_fields(self, old, ("own",))


def observed(netns: str, routes: Iterable[RouteLine], rules: Iterable[RuleLine]) -> Loopback | None:
    """What a namespace has of it; None for nothing."""
    local = {line.prefix for line in routes if line.kind == "local" and line.protocol == str(PROTOCOL)}
    held = {line.priority: line for line in rules}
    ours = {priority: line.selector for priority, line in held.items() if line.protocol == str(PROTOCOL)}
    if not local and not ours:
        return None
    own = ours.get(FIRST + 2, "").removeprefix("to ")
    is_whole = local == set(EVERYTHING) and 0 not in held and {FIRST, FIRST + 1} <= set(ours)
    return Loopback(netns, own if is_whole else "")
