"""One nftables table of ours, changed by element where that is enough and in one transaction always.

In: a typed table. Out: `nft -f` text and the table read back from `nft -j`. Never touches another table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from warren.desired.model import Item, Rank
from warren.desired.steps import Nft, Step
from warren.formats.nft import diff, write
from warren.formats.nft.model import Table


@dataclass(frozen=True, slots=True)
class Rules:
    """A table of family inet."""

    table: Table

    @property
    def key(self) -> str:
        return f"nft:{self.table.name}"

    @property
    def rank(self) -> Rank:
        return Rank.RULES

    @property
    def inside(self) -> str | None:
        return None

    def describe(self) -> str:
        rules = sum(len(chain.rules) for chain in self.table.chains)
        elements = sum(len(each.elements) for each in (*self.table.sets, *self.table.maps))
        counts = ((rules, "rule"), (elements, "element"))
        held = ", ".join(f"{number} {what}{'s' if number != 1 else ''}" for number, what in counts)
        return f"table inet {self.table.name}: {held}"

    def create(self) -> tuple[Step, ...]:
        return (Nft(write.replace(self.table)),)

    def change(self, old: Item) -> tuple[Step, ...]:
        if not isinstance(old, Rules):
            return self.create()
        text = write.changes(old.table, self.table)
        return (Nft(text),) if text else ()

    def remove(self) -> tuple[Step, ...]:
        return (Nft(write.remove(self.table)),)

    def differences(self, old: Item) -> tuple[str, ...]:
        if not isinstance(old, Rules):
            return ("another kind of thing",)
        return tuple(_words(diff.tables(old.table, self.table)))


def _words(change: diff.TableChange) -> Iterator[str]:
    for each in change.sets:
        counts = [f"+{len(each.added)}"] if each.added else []
        counts += [f"-{len(each.removed)}"] if each.removed else []
        yield f"{each.name} {' '.join(counts)}"
    for sign, names in (("+", change.added_chains), ("-", change.removed_chains), ("~", change.changed_chains)):
        yield from (f"{sign} chain {name}" for name in names)
    yield from change.rebuild
