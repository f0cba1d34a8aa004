"""Routes and routing rules, in tables of our own and in our namespaces.

In: what a part wants. Out: commands and read-back values. Ours carry the protocol number `PROTOCOL`; never touches a
route or a rule with another one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from warren.desired.model import Item, Rank, differing_fields
from warren.desired.steps import Ip, Step
from warren.formats.iproute import RouteLine, RuleLine

# The name under which the kernel keeps our routes and rules apart (rtnetlink(7), rtm_protocol).
PROTOCOL = 86
# With an answer, and in silence.
REFUSALS = ("unreachable", "blackhole")
UNREACHABLE_METRIC = 4278198272


@dataclass(frozen=True, slots=True)
class Route:
    """One route. `via` needs `device`; no device means unreachable. `netns` None is the host itself."""

    prefix: str
    table: str = "main"
    device: str | None = None
    via: str | None = None
    source: str | None = None
    netns: str | None = None

    @property
    def key(self) -> str:
        place = f"{self.netns}/" if self.netns else ""
        way = "unreachable" if self.device is None else "to"
        return f"route:{place}{self.table}/{way} {self.prefix}"

    @property
    def rank(self) -> Rank:
        if self.netns:
            return Rank.INNER_DEFAULT if self.via else Rank.INNER_ROUTE
        if self.device is None:
            return Rank.FALLBACK
        return Rank.LINK_ROUTE if self.device.startswith("v-") else Rank.ROUTE

    @property
    def inside(self) -> str | None:
        if self.netns:
            return f"link:v-{self.netns}"
        return f"link:{self.device}" if self.device else None

    @property
    def family(self) -> int:
        """4 or 6."""
        return 6 if ":" in self.prefix else 4

    def describe(self) -> str:
        if self.device is None:
            return "unreachable, when nothing better is there"
        return f"{f'via {self.via} ' if self.via else ''}dev {self.device}"

    def create(self) -> tuple[Step, ...]:
        return (Ip(f"route add {self._words()}", self.netns),)

    def change(self, old: Item) -> tuple[Step, ...]:
        return (Ip(f"route replace {self._words()}", self.netns),)

    def remove(self) -> tuple[Step, ...]:
        return (Ip(f"route del {self._words()}", self.netns),)

    def differences(self, old: Item) -> tuple[str, ...]:
        return differing_fields(self, old, ("device", "via", "source"))

    def _words(self) -> str:
        end = f"table {self.table} proto {PROTOCOL}"
        if self.device is None:
            return f"unreachable {self.prefix} {end} metric {UNREACHABLE_METRIC}"
        via = f" via {self.via}" if self.via else ""
        source = f" src {self.source}" if self.source else ""
        return f"{self.prefix}{via} dev {self.device} {end}{source}"


@dataclass(frozen=True, slots=True)
class IpRule:
    """One routing rule of one family; `selector` in the words of ip-rule(8), `action` a table or a refusal."""

    family: int
    priority: int
    selector: str
    action: str

    @property
    def key(self) -> str:
        # Two tables may be asked for one selector, and both are while a plan is carried out: each is a thing by itself.
        return f"rule:{self.family}/{self.priority} {self.selector} {self.describe()}"

    @property
    def rank(self) -> Rank:
        return Rank.IP_RULE

    @property
    def inside(self) -> str | None:
        return None

    def describe(self) -> str:
        return self.action if self.action in REFUSALS else f"lookup {self.action}"

    def create(self) -> tuple[Step, ...]:
        return (Ip(f"rule add {self._words()}", family=self.family),)

    def change(self, old: Item) -> tuple[Step, ...]:
        return ()

    def remove(self) -> tuple[Step, ...]:
        return (Ip(f"rule del {self._words()}", family=self.family),)

    def differences(self, old: Item) -> tuple[str, ...]:
        return ()

    def _words(self) -> str:
        return f"pref {self.priority} {self.selector} {self.describe()} protocol {PROTOCOL}"


def observed_routes(lines: Iterable[RouteLine], netns: str | None = None) -> Iterator[Route]:
    """Our routes, by their protocol number; those that make addresses local are none (see `Loopback`)."""
    for line in lines:
        if line.protocol == str(PROTOCOL) and line.kind != "local":
            device = None if line.kind == "unreachable" else line.device
            yield Route(line.prefix, line.table, device, line.via, line.source, netns)


def observed_rules(lines: Iterable[RuleLine], family: int) -> Iterator[IpRule]:
    """Our routing rules, by their protocol number."""
    for line in lines:
        if line.protocol == str(PROTOCOL):
            yield IpRule(family, line.priority, line.selector, line.action)
