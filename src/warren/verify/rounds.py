"""Tries flows until an answer can be trusted.

In: flows and the ground. Out: a verdict for each. Never takes one missing answer for a closed door that should be open.
"""

from __future__ import annotations

from collections.abc import Sequence

from warren.probe.ask import Outcome, Probe, ask
from warren.probe.ground import Ground
from warren.verify.flow import Flow
from warren.verify.verdict import Verdict

FIRST, LATER = 0.5, (2.0, 4.0)
# so many silent flows are a broken network, not lost packets: asking again would only take time
HOPELESS = 1000
LIMITED = 0.9


def attempt(ground: Ground, flows: Sequence[Flow]) -> tuple[Verdict, ...]:
    """Try everything at once, then again what should have answered and did not."""
    outcomes = ask(ground, [_probe(f, FIRST) for f in flows])
    for timeout in LATER:
        silent = [n for n, f in enumerate(flows) if f.limit is None and _silent(f, outcomes[n])]
        if len(silent) > HOPELESS and timeout != LATER[0]:
            break
        _again(ground, flows, outcomes, silent, timeout)
    _after_limits(ground, flows, outcomes)
    return tuple(Verdict(f, o) for f, o in zip(flows, outcomes, strict=True))


def _again(
    ground: Ground,
    flows: Sequence[Flow],
    outcomes: list[Outcome],
    which: Sequence[int],
    timeout: float,
    after: float = 0.0,
) -> None:
    asked = ask(ground, [_probe(flows[n], timeout) for n in which], after)
    for number, outcome in zip(which, asked, strict=True):
        outcomes[number] = outcome


def _after_limits(ground: Ground, flows: Sequence[Flow], outcomes: list[Outcome]) -> None:
    """A limit on new connections may have been used up before us: wait for its window, then ask once more."""
    silent = [n for n, f in enumerate(flows) if f.limit is not None and _silent(f, outcomes[n])]
    if silent:
        window = max(flows[n].limit or 0 for n in silent)
        _again(ground, flows, outcomes, silent, LIMITED, window + 1.0)


def _silent(flow: Flow, outcome: Outcome) -> bool:
    return flow.open and outcome.by is None and outcome.error != "absent"


def _probe(flow: Flow, timeout: float) -> Probe:
    return Probe(flow.source, flow.address, flow.port, flow.protocol.value, timeout)
