"""One nftables table of ours, changed by element where that is enough and in one transaction always.

In: a typed table. Out: `nft -f` text and the table read back from `nft -j`. Never touches another table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from warren.desired.model import Item, Rank
from warren.desired.steps import Nft, Sh, Step
from warren.formats.nft import diff, write
from warren.formats.nft.model import Element, Key, Prefix, Table, Value

# Who talks over UDP without a pause is led for ever to where it was led first, unless that is forgotten: the kernel
# looks into a map for the first packet alone. Where the tool is missing, that lasts until the sender is silent.
FORGET = "conntrack -D"
UDP = "udp"


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
        return (Nft(text), *_forgotten(old.table, self.table)) if text else ()

    def remove(self) -> tuple[Step, ...]:
        return (Nft(write.remove(self.table)),)

    def differences(self, old: Item) -> tuple[str, ...]:
        if not isinstance(old, Rules):
            return ("another kind of thing",)
        return tuple(_words(diff.tables(old.table, self.table)))


def _forgotten(old: Table, new: Table) -> Iterator[Step]:
    """Connections to where a map led, and leads no more."""
    now = {each.name: each.elements for each in new.maps}
    gone = {pair for each in old.maps for pair in _led(each.elements) - _led(now.get(each.name, frozenset()))}
    for asked, inner in sorted({(f" -d {public}" if public else "", str(inner)) for public, _, inner, _ in gone}):
        family = "ipv6" if ":" in inner else "ipv4"
        yield Sh(f"{FORGET} -f {family} -p {UDP}{asked} -r {inner} >/dev/null 2>&1 || :")


def _led(elements: Iterable[Element]) -> frozenset[tuple[Prefix | None, Value, Prefix, Key]]:
    """Public address (none on a LAN) and port, and the address and port that they lead to."""
    found = set[tuple[Prefix | None, Value, Prefix, Key]]()
    for each in elements:
        match each.key, each.data:
            case (Prefix() as public, protocol, port), (Prefix() as inner, *rest) if protocol == UDP:
                found.add((public, port, inner, tuple(rest)))
            case (protocol, port), (Prefix() as inner, *rest) if protocol == UDP:
                found.add((None, port, inner, tuple(rest)))
    return frozenset(found)


def _words(change: diff.TableChange) -> Iterator[str]:
    for each in change.sets:
        counts = [f"+{len(each.added)}"] if each.added else []
        counts += [f"-{len(each.removed)}"] if each.removed else []
        yield f"{each.name} {' '.join(counts)}"
    for sign, names in (("+", change.added_chains), ("-", change.removed_chains), ("~", change.changed_chains)):
        yield from (f"{sign} chain {name}" for name in names)
    for sign, names in (("+", change.added_timeouts), ("-", change.removed_timeouts)):
        yield from (f"{sign} ct timeout {name}" for name in names)
    yield from change.rebuild
