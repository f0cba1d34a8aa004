"""What a host holds or should hold: items under keys.

In: items from `parts/` (desired) or from `observe` (observed). Out: one type for both, so that drift, adopt, rollback,
boot and lab are the same `diff`. Never says in which order anything is done between hosts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Protocol, TypeVar

from warren.desired.steps import Step


class Platform(StrEnum):
    """What a host is made of: `NETNS` has ip, nft and wg alone, as in a plain lab; `SYSTEMD` is a whole machine."""

    NETNS = "netns"
    SYSTEMD = "systemd"


class Rank(IntEnum):
    """The order in which kinds of items are made; they are removed in the opposite order.

    Rules come before anything that could send a packet, so that nothing leaves before it is refused.
    """

    USER = 5
    # What takes minutes and may fail comes before the network is touched.
    IMAGE = 7
    FILE = 10
    LOGIN = 15
    RULES = 20
    SYSCTL = 30
    IP_RULE = 40
    FALLBACK = 45
    TUNNEL = 50
    ROUTE = 60
    NETNS = 70
    LINK = 75
    INNER_SYSCTL = 80
    INNER_ROUTE = 85
    INNER_DEFAULT = 86
    LINK_ROUTE = 90
    UNIT = 92
    SESSION = 94
    SECRET = 97
    WORKLOAD = 98
    RUNNING = 99
    TOLD = 100


class Item(Protocol):
    """One thing that a host can hold, with its whole life. Equal items are the same thing in the same state."""

    @property
    def key(self) -> str:
        """`kind:name`, unique on a host and the same in every state of the thing."""

    @property
    def rank(self) -> Rank: ...

    @property
    def inside(self) -> str | None:
        """The key of the item that takes this one along when it goes, such as a namespace its routes."""

    def describe(self) -> str:
        """A few words for a plan, without the kind."""

    def create(self) -> tuple[Step, ...]:
        """The commands that make it where nothing is."""

    def change(self, old: Item) -> tuple[Step, ...]:
        """The commands that turn `old`, of the same key, into this; adds before deletes."""

    def remove(self) -> tuple[Step, ...]:
        """The commands that take it away."""

    def differences(self, old: Item) -> tuple[str, ...]:
        """What differs from `old`, in words, for the reason of a change."""


@dataclass(frozen=True, slots=True)
class HostState:
    """All items of one host under their keys."""

    items: Mapping[str, Item] = field(default_factory=dict)

    @classmethod
    def of(cls, items: Iterable[Item]) -> HostState:
        """A state from items; two items of one key are a bug of the parts and raise ValueError."""
        held: dict[str, Item] = {}
        for item in items:
            if held.setdefault(item.key, item) != item:
                raise ValueError(f"two different items are called {item.key}")
        return cls(held)

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items.values())

    def __len__(self) -> int:
        return len(self.items)


Kind = TypeVar("Kind")


def of_kind(state: HostState, kind: type[Kind]) -> Iterator[Kind]:
    """The items of one class."""
    return (item for item in state.items.values() if isinstance(item, kind))


def differing_fields(new: object, old: object, names: Iterable[str]) -> tuple[str, ...]:
    """`name old -> new` for each named attribute that differs."""
    pairs = ((name, getattr(old, name), getattr(new, name)) for name in names)
    return tuple(f"{name} {_words(was)} -> {_words(now)}" for name, was, now in pairs if was != now)


def _words(value: object) -> str:
    if isinstance(value, frozenset | tuple):
        return "{" + ", ".join(sorted(str(each) for each in value)) + "}"
    return str(value)
