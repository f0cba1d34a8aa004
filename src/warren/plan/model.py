"""A plan as values: every change with its reason and its way back.

In: made by `diff`. Out: printed by views, carried out by `apply`. Never reads a host.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from warren.desired.model import Item
from warren.desired.steps import Step


class Action(StrEnum):
    """What happens to an item; the value is the sign that people see."""

    ADD = "+"
    CHANGE = "~"
    REMOVE = "-"


@dataclass(frozen=True, slots=True)
class Change:
    """One item that becomes another: `old` None is an addition, `new` None a removal.

    `steps` are the commands; none where the item goes along with the one that it is inside of.
    """

    action: Action
    key: str
    old: Item | None
    new: Item | None
    reason: str
    steps: tuple[Step, ...]

    @property
    def item(self) -> Item:
        """The new item, or the old one where it goes."""
        found = self.new or self.old
        assert found is not None
        return found


@dataclass(frozen=True, slots=True)
class HostPlan:
    """A host's changes in two halves, each in safe order: what comes or differs, then what goes."""

    host: str
    additions: tuple[Change, ...]
    removals: tuple[Change, ...]

    def __iter__(self) -> Iterator[Change]:
        yield from self.additions
        yield from self.removals

    def __len__(self) -> int:
        return len(self.additions) + len(self.removals)


@dataclass(frozen=True, slots=True)
class Plan:
    """The changes of all hosts; `waves` are hosts that change at the same time, one wave after the other."""

    hosts: Mapping[str, HostPlan]
    waves: tuple[tuple[str, ...], ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return not any(len(host) for host in self.hosts.values())

    def count(self, action: Action) -> int:
        """How many changes of a kind."""
        return sum(change.action is action for host in self.hosts.values() for change in host)
