"""Desired against observed: the changes of one host, of all hosts.

In: two states of one type. Out: changes with reasons. Never more than the difference: equal items cost nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from warren.desired.items.netns import Veth
from warren.desired.items.sysctl import Sysctl
from warren.desired.model import HostState, Item
from warren.plan.model import Action, Change, HostPlan, Plan
from warren.plan.order import additions_first, waves

# Why something goes: what is desired comes of the file, of an earlier generation, or is nothing.
GONE = "is not in the file"
NOT_THEN = "was not there then"
LEFT = "is warren's"


def diff(
    desired: Mapping[str, HostState],
    observed: Mapping[str, HostState],
    gateways: Iterable[str] = (),
    gone: str = GONE,
) -> Plan:
    """The plan that turns what is observed into what is desired, on every host of either."""
    names = dict.fromkeys((*desired, *observed))
    plans = {
        name: diff_host(name, desired.get(name, HostState()), observed.get(name, HostState()), gone) for name in names
    }
    return Plan(plans, waves(names, gateways))


def diff_host(host: str, desired: HostState, observed: HostState, gone: str = GONE) -> HostPlan:
    """One host's changes."""
    changes = [*_wanted(desired, observed), *_unwanted(desired, observed, gone)]
    return HostPlan(host, *additions_first(changes))


def _wanted(desired: HostState, observed: HostState) -> Iterator[Change]:
    remade = _remade(desired, observed)
    for key, new in desired.items.items():
        old = observed.items.get(key)
        if old is None or new.inside in remade:
            reason = "is not there" if old is None else f"goes along with {new.inside}"
            yield Change(Action.ADD, key, None, new, reason, new.create())
        elif old != new:
            yield Change(Action.CHANGE, key, old, new, _reason(new, old), new.change(old))


def _remade(desired: HostState, observed: HostState) -> frozenset[str]:
    """Links that are made anew because they cannot be changed: what is inside them goes and comes with them."""
    made = set()
    for key, new in desired.items.items():
        old = observed.items.get(key)
        if isinstance(new, Veth) and isinstance(old, Veth) and new.is_torn(old):
            made.add(key)
    return frozenset(made)


def _reason(new: Item, old: Item) -> str:
    return "; ".join(new.differences(old)) or "differs"


def _unwanted(desired: HostState, observed: HostState, gone: str) -> Iterator[Change]:
    for key, old in observed.items.items():
        if key in desired.items or isinstance(old, Sysctl):
            continue
        along = old.inside is not None and old.inside in observed.items and old.inside not in desired.items
        reason = f"goes along with {old.inside}" if along else gone
        yield Change(Action.REMOVE, key, old, None, reason, () if along else old.remove())
