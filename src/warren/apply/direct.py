"""A plan carried out on all hosts at once, or undone on all, by whoever runs this.

In: hosts, a plan, the states before it. Out: what was done, and what was put back. Never for a real host, where
whoever runs this may be cut off: `safe` is.
Additions go first and removals follow, each on gateways before the hosts that dial them. When a step fails
anywhere, every host is observed again and led back to what it held.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

from warren.apply import ownership
from warren.apply.outcome import Failure, Outcome, Progress, StepFailed
from warren.desired.items.tunnel import MAKE_KEY
from warren.desired.model import HostState
from warren.desired.steps import Step, script
from warren.hosts.base import Host, Unreachable
from warren.observe import Observed, observe
from warren.plan.diff import diff
from warren.plan.model import Change, Plan

TIME_LIMIT = 300.0


def make_keys(hosts: Mapping[str, Host], lacking: Iterable[str]) -> None:
    """Each named host makes its own WireGuard key and keeps it. Raises `StepFailed`."""
    _everywhere(hosts, {name: f"set -eu\n{MAKE_KEY}\n" for name in lacking})


def apply(
    hosts: Mapping[str, Host],
    plan: Plan,
    desired: Mapping[str, HostState],
    before: Mapping[str, Observed],
    progress: Progress = lambda host, words: None,
) -> Outcome:
    """Carries the plan out; `progress` hears of each host that changed. A host that fails or is away is in the outcome.

    An interrupt is raised again once every host is back.
    """
    try:
        _carry_out(hosts, plan, desired, before, progress)
    except KeyboardInterrupt:
        _put_back(hosts, plan, desired, before)
        raise
    except StepFailed as stopped:
        return Outcome(0, Failure(stopped.host, stopped.reason, _put_back(hosts, plan, desired, before)))
    return Outcome(sum(len(each) for each in plan.hosts.values()))


def _carry_out(
    hosts: Mapping[str, Host],
    plan: Plan,
    desired: Mapping[str, HostState],
    before: Mapping[str, Observed],
    progress: Progress,
) -> None:
    for group in plan.waves:
        _everywhere(hosts, {name: _first_half(plan, name, desired, before) for name in group})
    for group in plan.waves:
        _everywhere(hosts, {name: _second_half(plan, name, desired, before) for name in group})
        for name in group:
            if made := len(plan.hosts[name]):
                progress(name, f"{made} {'change' if made == 1 else 'changes'} made")


def _first_half(plan: Plan, name: str, desired: Mapping[str, HostState], before: Mapping[str, Observed]) -> str:
    wanted = ownership.remembered(desired.get(name))
    return _script(ownership.before(wanted, before[name].owned), plan.hosts[name].additions)


def _second_half(plan: Plan, name: str, desired: Mapping[str, HostState], before: Mapping[str, Observed]) -> str:
    text = _script([], plan.hosts[name].removals)
    last = ownership.after(ownership.remembered(desired.get(name)), before[name].owned)
    return text + script(last) if last else text


def _script(first: Iterable[Step], changes: Iterable[Change]) -> str:
    steps = [*first, *(step for change in changes for step in change.steps)]
    return script(steps) if steps else ""


def _everywhere(hosts: Mapping[str, Host], texts: Mapping[str, str]) -> None:
    needed = [name for name, text in texts.items() if text]
    with ThreadPoolExecutor(max_workers=max(1, len(needed))) as pool:
        list(pool.map(lambda name: _run(hosts[name], texts[name]), needed))


def _run(host: Host, text: str) -> None:
    try:
        result = host.run(text, timeout=TIME_LIMIT)
    except Unreachable as gone:
        raise StepFailed(host.name, str(gone)) from gone
    if result.code:
        said = result.stderr.decode(errors="replace").strip()
        raise StepFailed(host.name, said or f"exit code {result.code}")


def _put_back(
    hosts: Mapping[str, Host], plan: Plan, desired: Mapping[str, HostState], before: Mapping[str, Observed]
) -> tuple[str, ...]:
    """Leads each host back on its own, so that one that is gone does not keep the others from it."""
    left: list[str] = []
    for name in (name for wave in reversed(plan.waves) for name in wave):
        left.extend(_put_host_back(hosts[name], desired.get(name, HostState()), before[name]))
    return tuple(left)


def _put_host_back(host: Host, desired: HostState, before: Observed) -> list[str]:
    """What is left different, in words. The way back is one more diff, with what was there as what is wanted."""
    known = HostState({**before.state.items, **desired.items})
    was = {host.name: before.state}
    try:
        for _ in range(2):
            now = observe({host.name: host}, {host.name: known})[host.name]
            back = diff(was, {host.name: now.state}).hosts[host.name]
            if not len(back):
                _run(host, script([ownership.note(before.owned)]))
                return []
            _run(host, _script([], back.additions) + _script([], back.removals))
        return [f"{host.name}: {change.action.value} {change.key}" for change in back]
    except (StepFailed, Unreachable) as stopped:
        return [str(stopped)]
    except ValueError as unwritable:
        # Rules made by hand in words that we have none for can be seen and removed, but not written again.
        return [f"{host.name}: rules changed by hand before: {unwritable}"]
