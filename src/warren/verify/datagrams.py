"""Datagrams on real hosts, judged by how far they came: programs are neither asked nor disturbed.

In: flows, what became of their datagrams, and who listens. Out: outcomes, or why nothing can be told. Never takes a
datagram that was seen nowhere for one that a rule has stopped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from warren.basis.address import Protocol
from warren.formats.sockets import Listener
from warren.probe.ask import Outcome
from warren.probe.lookout import UNSENT
from warren.topology.model import Topology
from warren.verify.flow import Flow
from warren.verify.verdict import Verdict

Listening = Mapping[str, Mapping[str, tuple[Listener, ...]]]


@dataclass(frozen=True, slots=True)
class Untold:
    """A flow of which nothing can be told from here."""

    flow: Flow
    why: str


@dataclass(frozen=True, slots=True)
class Sight:
    """What is known beside single outcomes: hosts that could not be watched, who listens where, from which places
    datagrams came to which host at all, and which hosts speak as neighbours on LANs."""

    topology: Topology
    blind: Mapping[str, str] = field(default_factory=dict)
    listening: Listening = field(default_factory=dict)
    heard: frozenset[tuple[str, str, int]] = frozenset()
    neighbours: Mapping[str, str] = field(default_factory=dict)

    def host_of(self, place: str) -> str:
        """The host that a place is on, or that speaks for it; nothing for this machine."""
        if service := self.topology.services.get(place):
            return service.host
        return place if place in self.topology.hosts else self.neighbours.get(place, "")


def heard(flows: Iterable[Flow], outcomes: Iterable[Outcome]) -> frozenset[tuple[str, str, int]]:
    """Place, host and family of all that came anywhere."""
    return frozenset(
        (flow.source, host, flow.address.version)
        for flow, outcome in zip(flows, outcomes, strict=True)
        for host in outcome.came
    )


def hidden(sight: Sight, flow: Flow) -> str | None:
    """Why a datagram must not be sent: it could come to a program, where no host takes it away in front of it."""
    if flow.protocol is not Protocol.UDP or not sight.blind:
        return None
    goal = sight.host_of(flow.target)
    # Behind a public address may be any host.
    is_public = any(flow.address in host.public for host in sight.topology.hosts.values())
    blind = goal if goal in sight.blind else next(iter(sight.blind)) if is_public else None
    return f"{blind} cannot be watched: {sight.blind[blind]}" if blind else None


def judged(sight: Sight, flow: Flow, outcome: Outcome) -> Verdict | Untold:
    """What became of a flow; connections speak for themselves."""
    if flow.protocol is not Protocol.UDP or outcome.error == "absent":
        return Verdict(flow, outcome)
    if flow.target in sight.neighbours and sight.neighbours[flow.target] in outcome.came:
        return Verdict(flow, Outcome(connected=True))
    if outcome.through or outcome.own:
        return Verdict(flow, _arrived(sight, flow, outcome))
    goal = sight.host_of(flow.target)
    if why := hidden(sight, flow):
        return Untold(flow, why)
    if outcome.error == UNSENT:
        return Untold(flow, "a host has ceased to watch, and no datagram was sent any more")
    if outcome.error not in (None, "timeout", "no answer"):
        return Verdict(flow, outcome)
    if outcome.came:
        return Verdict(flow, Outcome(error=_lost(goal, outcome.came)))
    return _unseen(sight, flow)


def _arrived(sight: Sight, flow: Flow, outcome: Outcome) -> Outcome:
    if not flow.open:
        return (
            Outcome(connected=True)
            if outcome.through or _is_too_far(sight, flow, outcome)
            else Outcome(error="timeout")
        )
    where = outcome.through if flow.target in sight.topology.services else outcome.own
    goal = sight.host_of(flow.target)
    if goal not in where:
        stray = f"came out at {', '.join(outcome.through)}" if outcome.through else f"came to {outcome.own[0]} itself"
        return Outcome(error=f"it {stray}")
    if not _is_listened(sight, flow, goal):
        return Outcome(error="nobody listens where it came through")
    return Outcome(connected=True)


def _is_too_far(sight: Sight, flow: Flow, outcome: Outcome) -> bool:
    """Whether coming to a host itself is too far: one without a guard takes everything, and leads none of it on."""
    hosts = sight.topology.hosts
    return flow.target in hosts or any(hosts[name].guard is not None for name in outcome.own)


def _is_listened(sight: Sight, flow: Flow, goal: str) -> bool:
    """Whether a socket is open there; where nobody could look, arriving must do."""
    service = sight.topology.services.get(flow.target)
    found = sight.listening.get(goal, {}).get(service.netns if service else "")
    if found is None:
        return True
    version = flow.address.version
    own = service.addresses if service else ()
    addresses = [str(a) for a in own if a.version == version] or [str(flow.address)]
    return any(
        one.protocol == "udp" and one.port == flow.reached and any(one.answers(version, a) for a in addresses)
        for one in found
    )


def _lost(goal: str, came: tuple[str, ...]) -> str:
    if goal in came:
        return f"it came to {goal} and was dropped there"
    return f"it came to {', '.join(came)} and did not come to {goal}"


def _unseen(sight: Sight, flow: Flow) -> Verdict | Untold:
    """Nobody has seen it: that says something only where others from the same place are seen."""
    near = sight.host_of(flow.source)
    first = near or next((h.name for h in sight.topology.hosts.values() if flow.address in h.public), None)
    first = first or sight.host_of(flow.target)
    if first in sight.blind:
        return Untold(flow, f"{first} cannot be watched: {sight.blind[first]}")
    what = "it never left" if near else f"it never came to {first}"
    if flow.open and (near or (flow.source, first, flow.address.version) in sight.heard):
        return Verdict(flow, Outcome(error=what))
    return Untold(flow, f"from {flow.source} no datagram to {flow.address} came to {first}")
