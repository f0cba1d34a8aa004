"""The chains that see a packet, in the order in which they do.

In: tables. Out: for each hook its base chains by priority. Never reads a packet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from warren.formats.nft.model import Chain, Set, Table

# Where the kernel translates addresses, whatever priority the chains themselves have (nf_nat_proto.c).
DSTNAT, SRCNAT = -100, 100
TRANSLATES = {"prerouting": DSTNAT, "output": DSTNAT, "input": SRCNAT, "postrouting": SRCNAT}


@dataclass(frozen=True, slots=True)
class Base:
    """A base chain in its table; `chains` and `lookups` are those of the table by name."""

    family: str
    table: str
    chain: Chain
    chains: Mapping[str, Chain]
    lookups: Mapping[str, Set]

    @property
    def priority(self) -> int:
        return self.chain.hook.priority if self.chain.hook else 0

    @property
    def policy(self) -> str:
        return self.chain.hook.policy if self.chain.hook else "accept"

    def sees(self, version: int) -> bool:
        """Whether the table's family includes the packet's."""
        return self.family == "inet" or (self.family == "ip") == (version == 4)


@dataclass(frozen=True, slots=True)
class Hooks:
    """Chains by hook. `filters` holds filter and route chains, `nats` those that translate."""

    filters: Mapping[str, tuple[Base, ...]]
    nats: Mapping[str, tuple[Base, ...]]

    def before(self, hook: str) -> tuple[Base, ...]:
        """Filters that see a packet before it is translated at this hook."""
        return tuple(each for each in self.filters.get(hook, ()) if each.priority < TRANSLATES.get(hook, 0))

    def after(self, hook: str) -> tuple[Base, ...]:
        """Filters that see it afterwards."""
        return tuple(each for each in self.filters.get(hook, ()) if each.priority >= TRANSLATES.get(hook, 0))


def hooks(tables: Iterable[Table]) -> Hooks:
    """All base chains of all tables."""
    found = sorted(_bases(tables), key=lambda base: base.priority)
    filters: dict[str, tuple[Base, ...]] = {}
    nats: dict[str, tuple[Base, ...]] = {}
    for base in found:
        if base.chain.hook:
            kept = nats if base.chain.hook.type == "nat" else filters
            kept[base.chain.hook.hook] = (*kept.get(base.chain.hook.hook, ()), base)
    return Hooks(filters, nats)


def _bases(tables: Iterable[Table]) -> Iterator[Base]:
    for table in tables:
        chains = {chain.name: chain for chain in table.chains}
        lookups = table.lookups()
        for chain in table.chains:
            if chain.hook:
                yield Base(table.family, table.name, chain, chains, lookups)
