"""Chains of others, and what becomes of a packet in them.

In: rules whose tests may be unknown. Out: every end that a packet can come to. Never more certain than the rules are:
an unknown test may hold or not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address, ip_network

Packet = Mapping[str, str]
DEEPEST = 16
ADDRESSES = ("saddr", "daddr")


class End(StrEnum):
    """How a packet leaves a rule or a chain. `ON` goes on with the next rule, `BACK` with the caller's next."""

    ACCEPT = "accept"
    DROP = "drop"
    ON = "on"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Condition:
    """A field against values; `values` None is a test that nobody here can judge.

    A value that ends in `*` stands for every text that begins so; values of addresses are prefixes.
    """

    field: str
    values: tuple[str, ...] | None
    negated: bool = False

    def holds(self, packet: Packet) -> bool | None:
        """Whether it holds; None where that cannot be told."""
        if self.values is None or self.field not in packet:
            return None
        same = _is_in if self.field in ADDRESSES else _is
        return any(same(packet[self.field], value) for value in self.values) != self.negated


def _is(text: str, value: str) -> bool:
    return text.startswith(value[:-1]) if value.endswith("*") else text == value


def _is_in(address: str, prefix: str) -> bool:
    """An address of one family is in no prefix of the other."""
    return ip_address(address) in ip_network(prefix, strict=False)


UNKNOWN = Condition("?", None)


@dataclass(frozen=True, slots=True)
class Rule:
    """When all tests hold: to another chain (`jump`, coming back unless `final`), or one of the `ends`."""

    tests: tuple[Condition, ...]
    ends: frozenset[End] = frozenset({End.ON})
    jump: str | None = None
    final: bool = False

    def holds(self, packet: Packet) -> bool | None:
        """Whether all tests hold; None where that cannot be told."""
        found = [test.holds(packet) for test in self.tests]
        return False if False in found else None if None in found else True


@dataclass(frozen=True, slots=True)
class Chain:
    """`hook` is empty for a chain that others jump to; `policy` is what becomes of a packet at its end."""

    family: str
    table: str
    name: str
    rules: tuple[Rule, ...] = ()
    hook: str = ""
    policy: End = End.ACCEPT

    @property
    def words(self) -> str:
        """For people, in the words of nft."""
        return f"{self.family} {self.table} {self.name}"


@dataclass(frozen=True, slots=True)
class Ruleset:
    """The chains of one source, by family, table and name."""

    chains: Mapping[tuple[str, str, str], Chain]

    def ends(self, base: Chain, packet: Packet) -> frozenset[End]:
        """`ACCEPT`, `DROP` or both."""
        found = self._walk(base, packet, 0)
        certain = found & {End.ACCEPT, End.DROP}
        return certain | {base.policy} if found & {End.ON, End.BACK} else certain

    def _walk(self, chain: Chain, packet: Packet, depth: int) -> frozenset[End]:
        found: set[End] = set()
        for rule in chain.rules:
            holds = rule.holds(packet)
            if holds is False:
                continue
            ends = self._carried_out(chain, rule, packet, depth)
            found |= ends - {End.ON}
            if holds and End.ON not in ends:
                return frozenset(found)
        return frozenset({*found, End.ON})

    def _carried_out(self, chain: Chain, rule: Rule, packet: Packet, depth: int) -> frozenset[End]:
        if rule.jump is None:
            return rule.ends
        target = self.chains.get((chain.family, chain.table, rule.jump))
        if target is None or depth > DEEPEST:
            return frozenset({End.ACCEPT, End.DROP, End.ON})
        ends = self._walk(target, packet, depth + 1)
        beyond = End.BACK if rule.final else End.ON
        return frozenset(beyond if each in (End.ON, End.BACK) else each for each in ends)
