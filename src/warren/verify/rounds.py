"""Tries flows until an answer can be trusted.

In: flows and the ground. Out: a verdict for each. Never takes one missing answer for a closed door that should be open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Sequence
from typing import TypeAlias

from warren.probe.ask import Outcome, Probe, ask
from warren.probe.ground import Ground
from warren.verify.flow import Flow
from warren.verify.real import PLAIN, opening
from warren.verify.verdict import Verdict

FIRST, LATER = 0.5, (2.0, 4.0)
# so many silent flows are a broken network, not lost packets: asking again would only take time
HOPELESS = 1000
LIMITED, LONGEST = 0.9, 30.0
# of what a limit allows one third is spent at once: a second and a third run shall not have to wait
SHARE = 3

Asking: TypeAlias = Callable[[Ground, Sequence[Probe], float], list[Outcome]]


def attempt(ground: Ground, flows: Sequence[Flow], asking: Asking | None = None) -> tuple[Verdict, ...]:
    """Try everything at once, then again what should have answered and did not. `asking` stands for `probe.ask.ask`."""
    asking = asking or ask
    outcomes = asking(ground, [_probe(f, FIRST) for f in flows], 0.0)
    for timeout in LATER:
        silent = [n for n, f in enumerate(flows) if f.limit is None and _silent(f, outcomes[n])]
        if len(silent) > HOPELESS and timeout != LATER[0]:
            break
        _again(ground, flows, outcomes, asking, silent, timeout)
    _after_limits(ground, flows, outcomes, asking)
    return tuple(Verdict(f, o) for f, o in zip(flows, outcomes, strict=True))


def _again(
    ground: Ground,
    flows: Sequence[Flow],
    outcomes: list[Outcome],
    asking: Asking,
    which: Sequence[int],
    timeout: float,
    after: float = 0.0,
) -> None:
    asked = asking(ground, [_probe(flows[n], timeout) for n in which], after)
    for number, outcome in zip(which, asked, strict=True):
        outcomes[number] = outcome


def _after_limits(ground: Ground, flows: Sequence[Flow], outcomes: list[Outcome], asking: Asking) -> None:
    """A limit on new connections may have been used up before us: wait until it lets two in, then ask once more.

    Where the whole address is silent the limit is not what is wrong.
    """
    alive = {f.address for f, o in zip(flows, outcomes, strict=True) if o.arrived}
    silent = [n for n, f in enumerate(flows) if f.limit and f.address in alive and _silent(f, outcomes[n])]
    waits = [2 * limit.seconds / limit.count for n in silent if (limit := flows[n].limit)]
    if waits:
        _again(ground, flows, outcomes, asking, silent, LIMITED, min(max(waits) + 1.0, LONGEST))


def affordable(flows: Iterable[Flow], first: Container[object]) -> list[Flow]:
    """The flows that can be tried without using up limits on new connections; those whose (key, address) is in `first`
    are preferred, and the order is kept."""
    spent: Counter[object] = Counter()
    kept: dict[int, Flow] = {}
    for number, flow in sorted(enumerate(flows), key=lambda e: (e[1].key, e[1].address) not in first):
        if flow.limit is not None and flow.open:
            sources = frozenset(a for a in flow.own if a.version == flow.address.version)
            account = (sources, flow.address, flow.protocol, flow.target, flow.via)
            spent[account] += 1
            if spent[account] > max(1, flow.limit.count // SHARE):
                continue
        kept[number] = flow
    return [kept[number] for number in sorted(kept)]


def _silent(flow: Flow, outcome: Outcome) -> bool:
    heard = outcome.answered if flow.real else outcome.by is not None
    return flow.open and not heard and outcome.error != "absent"


def _probe(flow: Flow, timeout: float) -> Probe:
    payload = opening(flow) if flow.real else PLAIN
    return Probe(flow.source, flow.address, flow.port, flow.protocol.value, timeout, payload)
