"""What differs between two tables: chains by name, sets by element.

In: two tables of one name. Out: a value that a plan can show and `write.changes` turns into text. Never: text.
"""

from dataclasses import dataclass, replace

from warren.formats.nft.model import Chain, Element, Set, Table, Timeout


@dataclass(frozen=True, slots=True)
class SetChange:
    """Elements that come into and go out of a set or map. One whose data or comment differs does both."""

    name: str
    added: frozenset[Element]
    removed: frozenset[Element]


@dataclass(frozen=True, slots=True)
class TableChange:
    """All that differs; empty when nothing does. `rebuild` says why elements and rules alone cannot get there."""

    added: tuple[str, ...] = ()  # names of new sets and maps; their elements are in `sets`
    removed: tuple[str, ...] = ()
    sets: tuple[SetChange, ...] = ()
    added_chains: tuple[str, ...] = ()  # every rule of theirs is new
    removed_chains: tuple[str, ...] = ()
    changed_chains: tuple[str, ...] = ()
    added_counters: tuple[str, ...] = ()
    removed_counters: tuple[str, ...] = ()
    added_timeouts: tuple[str, ...] = ()
    removed_timeouts: tuple[str, ...] = ()
    rebuild: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self != UNCHANGED


UNCHANGED = TableChange()


def tables(old: Table, new: Table) -> TableChange:
    """From the old table to the new one."""
    if (old.family, old.name) != (new.family, new.name):
        raise ValueError(f"{old.family} {old.name} and {new.family} {new.name} are two tables, not one that changed")
    before, after = old.lookups(), new.lookups()
    chains_before = {chain.name: chain for chain in old.chains}
    chains_after = {chain.name: chain for chain in new.chains}
    kept_before, kept_after = ({each.name: each for each in table.timeouts} for table in (old, new))
    return TableChange(
        added=_only(after, before),
        removed=_only(before, after),
        sets=_elements(before, after),
        added_chains=_only(chains_after, chains_before),
        removed_chains=_only(chains_before, chains_after),
        changed_chains=tuple(
            name for name, chain in chains_after.items() if name in chains_before and chain != chains_before[name]
        ),
        added_counters=tuple(name for name in new.counters if name not in old.counters),
        removed_counters=tuple(name for name in old.counters if name not in new.counters),
        added_timeouts=tuple(name for name in kept_after if name not in kept_before),
        removed_timeouts=tuple(name for name in kept_before if name not in kept_after),
        rebuild=(
            *_declarations(before, after),
            *_hooks(chains_before, chains_after),
            *_policies(kept_before, kept_after),
        ),
    )


def elements(old: Set | None, new: Set) -> tuple[frozenset[Element], frozenset[Element]]:
    """Those that come and those that go."""
    if old is None:
        return new.elements, frozenset()
    if old.elements is new.elements:
        return frozenset(), frozenset()
    return new.elements - old.elements, old.elements - new.elements


def _only(here: dict[str, Set] | dict[str, Chain], there: dict[str, Set] | dict[str, Chain]) -> tuple[str, ...]:
    return tuple(sorted(here.keys() - there.keys()))


def _elements(before: dict[str, Set], after: dict[str, Set]) -> tuple[SetChange, ...]:
    changes = (SetChange(name, *elements(before.get(name), after[name])) for name in sorted(after))
    return tuple(change for change in changes if change.added or change.removed)


def _declarations(before: dict[str, Set], after: dict[str, Set]) -> tuple[str, ...]:
    """Sets whose declaration differs: the kernel cannot change one in place."""
    return tuple(
        f"set {name} is declared otherwise"
        for name in sorted(before.keys() & after.keys())
        if replace(before[name], elements=frozenset()) != replace(after[name], elements=frozenset())
    )


def _hooks(before: dict[str, Chain], after: dict[str, Chain]) -> tuple[str, ...]:
    """Base chains that sit elsewhere; the policy alone can change in place."""
    return tuple(
        f"chain {name} has another hook"
        for name in sorted(before.keys() & after.keys())
        if _place(before[name]) != _place(after[name])
    )


def _policies(before: dict[str, Timeout], after: dict[str, Timeout]) -> tuple[str, ...]:
    """Time-outs that rules may hold on to, so that they cannot be put in another's place."""
    common = sorted(before.keys() & after.keys())
    return tuple(f"ct timeout {name} is declared otherwise" for name in common if before[name] != after[name])


def _place(chain: Chain) -> tuple[str, str, int] | None:
    hook = chain.hook
    return (hook.type, hook.hook, hook.priority) if hook else None
