"""What has happened on a host between the plan and the moment since when nobody else may change it.

In: the host as it was seen before and as it is now. Out: what differs, in words, and what of the plan is left to do.
Never more than was planned: whoever agreed to a plan has agreed to that alone.
"""

from __future__ import annotations

from collections.abc import Collection

from warren.desired.items.netns import Veth
from warren.desired.items.route import Route
from warren.desired.items.running import Running
from warren.desired.model import HostState, Item, of_kind
from warren.observe import Observed
from warren.plan.diff import diff_host
from warren.plan.model import Change, HostPlan


def what_is_left(plan: HostPlan, wanted: HostState, before: Observed, now: Observed) -> HostPlan | None:
    """The plan without what the host has made by itself; None where there is anything to do that was not planned."""
    planned = {change.key: change for change in plan}
    again = diff_host(plan.host, wanted, now.state)
    return again if before.owned == now.owned and all(_is_same(planned.get(c.key), c) for c in again) else None


def _is_same(planned: Change | None, change: Change) -> bool:
    return planned is not None and (planned.action, planned.old) == (change.action, change.old)


def difference(before: Observed, now: Observed) -> str:
    """The first thing that is no longer as it was, in words; what comes and goes by itself does not count."""
    old, new = _settled(before.state), _settled(now.state)
    for key in sorted(old.keys() | new.keys()):
        if old.get(key) != new.get(key):
            return f"{key} {'is new' if key not in old else 'is gone' if key not in new else 'differs'}"
    return "" if before.owned == now.owned else "what it remembers to own differs"


def _settled(state: HostState) -> dict[str, Item]:
    # The kernel takes a pair away a moment after its namespace, with all that is on it.
    torn = {item.name for item in of_kind(state, Veth) if not item.inner and not item.up}
    return {key: item for key, item in state.items.items() if not isinstance(item, Running) and not _is_on(item, torn)}


def _is_on(item: Item, devices: Collection[str]) -> bool:
    return (isinstance(item, Veth) and item.name in devices) or (isinstance(item, Route) and item.device in devices)
