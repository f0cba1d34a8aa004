"""Limits of connections: no service takes the whole table of connections, nor all ports towards one server.

In: what concerns a host. Out: rules for the first packet of each connection, the sets in which the kernel counts, and
elements for services that differ from the others. Never a rule that a later packet of a connection meets.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from warren.desired.parts.firewall.words import (
    COUNTED,
    DROP,
    OIF,
    PORTED,
    FamilyWords,
    among,
    not_among,
    prefix,
    rule,
    single,
)
from warren.desired.parts.firewall.words import joined as key_of
from warren.desired.view import HostView
from warren.formats.nft import model as nft
from warren.topology.model import Pair

# New connections a second, once as many as may be open have been opened at one go. Older kernels take back so many
# places a second of a count, and no more (nf_conncount.c); and TCP that has ended is not counted, but stays for 2 min.
PACE = 1000
# Of the 4,536 ports that a gateway has for its connections to one server.
TOWARDS_ONE = 1024
SIZE = 65535
PACE_KEPT = 60
TOO_MANY = "too many connections"
TOO_FAST = "too many new connections"
TOO_MANY_THERE = "too many connections to one server"
Declared = tuple[str, tuple[str, ...], frozenset[str], int | None]


@dataclass(frozen=True, slots=True)
class Connections:
    """The different limits at one host: what holds for most (None: nothing does), and for whom another one holds.

    `own` are the prefixes of the host.
    """

    usual: int | None
    others: tuple[tuple[int | None, tuple[nft.Prefix, ...]], ...]
    own: tuple[nft.Prefix, ...]

    @classmethod
    def of(cls, view: HostView) -> Connections:
        """The limits of whoever opens connections through this host."""
        usual = view.usual
        held: dict[int | None, list[nft.Prefix]] = {}
        for limit, addresses in _places(view):
            if limit != usual:
                held.setdefault(limit, []).extend(single(each) for each in addresses)
        others = tuple((limit, tuple(held[limit])) for limit in sorted(held, key=lambda each: each or 0))
        return cls(usual, others, tuple(map(prefix, view.host.prefixes)))

    @property
    def counts(self) -> tuple[int, ...]:
        """The limits that are numbers, each once."""
        given = {self.usual, *(limit for limit, _ in self.others)}
        return tuple(sorted(each for each in given if each is not None))

    def chains(self, words: tuple[FamilyWords, ...]) -> Iterator[nft.Chain]:
        """The chain to which first packets go, and one for each limit."""
        if not self.counts:
            return
        lookups = [nft.VerdictMap(each.source, nft.SetReference(each.name("allowances"))) for each in words]
        usual = (rule(nft.Goto(chain_of(self.usual))),) if self.usual is not None else ()
        yield nft.Chain("connections", (*map(rule, lookups), *usual))
        for count in self.counts:
            yield nft.Chain(chain_of(count), tuple(_counting(count, words)))

    def of_own(self, words: tuple[FamilyWords, ...]) -> Iterator[nft.Rule]:
        """The way there, from a chain that sees nothing but first packets, for what begins on this host.

        What comes from another one was counted there.
        """
        for family in words if self.counts else ():
            yield rule(among(family.source, family.name("own")), nft.Jump("connections"))

    def of_others(self, words: tuple[FamilyWords, ...]) -> Iterator[nft.Rule]:
        """The way there for what begins elsewhere, from where nothing comes by but what leaves the network here."""
        for family in words if self.counts else ():
            inside = nft.Match("==", family.source, nft.Literal(family.network))
            yield rule(inside, not_among(family.source, family.name("own")), nft.Jump("connections"))

    def sets(self, words: tuple[FamilyWords, ...]) -> Iterator[nft.Set]:
        """The sets in which the kernel counts, and the map of those that differ."""
        for family in words if self.counts else ():
            flow = (family.type, family.type, "inet_proto", "inet_service")
            yield _dynamic(family.name("towards"), flow)
            for count in self.counts:
                yield _dynamic(family.name(f"open_{count}_v"), (family.type,))
                yield _dynamic(family.name(f"pace_{count}_v"), (family.type,), PACE_KEPT)
            own = frozenset(nft.Element((each,)) for each in self.own if each.version == family.version)
            yield nft.Set(family.name("own"), (family.type,), None, frozenset({"interval"}), elements=own)
            yield nft.Set(family.name("allowances"), (family.type,), ("verdict",), elements=self._allowances(family))

    def _allowances(self, family: FamilyWords) -> frozenset[nft.Element]:
        return frozenset(
            nft.Element((each,), nft.Return() if limit is None else nft.Goto(chain_of(limit)))
            for limit, addresses in self.others
            for each in addresses
            if each.version == family.version
        )


def chain_of(count: int | None) -> str:
    """The chain that counts up to a limit."""
    return f"connections_{count}"


def _places(view: HostView) -> Iterator[tuple[int | None, Pair]]:
    """Whose connections are counted here, and how many of them each may have: a host any number."""
    topology, leads_out = view.topology, view.host.is_gateway
    for host in topology.hosts.values() if leads_out else (view.host,):
        yield None, host.addresses
    for service in topology.services.values() if leads_out else view.services:
        yield service.connections, service.addresses


def _counting(count: int, words: tuple[FamilyWords, ...]) -> Iterator[nft.Rule]:
    pace, many = nft.Limit(PACE, "second", burst=count, over=True), nft.CtCount(count, over=True)
    few = nft.CtCount(TOWARDS_ONE, over=True)
    for family in words:
        quick = nft.SetUpdate("update", family.name(f"pace_{count}_v"), family.source, (pace,))
        yield rule(quick, COUNTED, DROP, why=TOO_FAST)
    for family in words:
        yield rule(
            nft.SetUpdate("add", family.name(f"open_{count}_v"), family.source, (many,)), COUNTED, DROP, why=TOO_MANY
        )
    for family in words:
        there = nft.SetUpdate("add", family.name("towards"), key_of(*family.flow.parts), (few,))
        yield rule(not_among(OIF, "links"), PORTED, there, COUNTED, DROP, why=TOO_MANY_THERE)


def _dynamic(name: str, key: tuple[str, ...], timeout: int | None = None) -> nft.Set:
    flags = frozenset({"dynamic", "timeout"} if timeout else {"dynamic"})
    return nft.Set(name, key, None, flags, SIZE, timeout)
