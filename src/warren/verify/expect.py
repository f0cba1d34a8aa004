"""The `expect:` lines of the file, judged by packets.

In: expectations and verdicts. Out: for each line whether it held, and which flow spoke against it. Never trusts what is
declared: a line can ask for what the rest of the file denies.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from warren.probe.ground import Segment
from warren.topology.model import Expectation, Port, Service
from warren.verify.declared import Numbers, between, usual
from warren.verify.flow import INSIDE, LAN, Flow
from warren.verify.verdict import Verdict
from warren.verify.world import World, samples

UNTRIED = "nothing could be tried"
Pairs = Mapping[tuple[str, str], list[Verdict]]


@dataclass(frozen=True, slots=True)
class Held:
    """One line of `expect:`; `against` are sentences about the flows that it got wrong. Of one not `told` nothing is
    known."""

    text: str
    open: bool
    against: tuple[str, ...]
    told: bool = True

    @property
    def held(self) -> bool:
        return not self.against


def wanted(at: World, expectations: Iterable[Expectation]) -> Iterator[Flow]:
    """The flows that the lines speak of; many are in the matrix already."""
    for source, place, port in (t for e in expectations for t in _pairs(at, e)):
        numbers = usual if port is None else _only(port)
        for flow in between(at, source, place, numbers):
            if port is None or flow.protocol == port.protocol:
                yield flow


def judge(at: World, expectations: Iterable[Expectation], verdicts: Iterable[Verdict]) -> tuple[Held, ...]:
    """Judge every line."""
    pairs: dict[tuple[str, str], list[Verdict]] = {}
    for verdict in verdicts:
        pairs.setdefault((verdict.flow.source, verdict.flow.target), []).append(verdict)
    return tuple(Held(e.text, e.open, tuple(_against(at, e, pairs))) for e in expectations)


def _only(port: Port) -> Numbers:
    return lambda _: samples(port.ports)


def _pairs(at: World, expectation: Expectation) -> Iterator[tuple[str, str, Port]]:
    for source in expectation.sources:
        for place, port in expectation.targets:
            service = at.topology.services.get(place) if expectation.anyone else None
            if source != place and (service is None or service.host != source):
                yield source, place, port


def _against(at: World, expectation: Expectation, pairs: Pairs) -> Iterator[str]:
    for source, place, port in _pairs(at, expectation):
        found = _near(
            at, source, [v for v in pairs.get((source, place), ()) if _concerns(at, v, port)], expectation.open
        )
        if not found:
            yield f"from {source} to {place} {UNTRIED}"
        elif expectation.open:
            yield from _not_open(source, place, found)
        else:
            yield from (_sentence(v, "answers") for v in found if v.open)


def _near(at: World, source: str, found: list[Verdict], is_open: bool) -> list[Verdict]:
    """What a LAN's line speaks of: the ways that the LAN itself offers. The public ports are there for everybody; they
    count only where the line says open and the LAN has no way of its own."""
    segment = at.around.lans.get(source)
    if segment is None:
        return found
    near = [v for v in found if v.flow.via in (INSIDE, LAN) or v.flow.via in segment.hosts or _on(segment, v)]
    return near if not is_open or any(v.flow.open for v in near) else found


def _on(segment: Segment, verdict: Verdict) -> bool:
    return any(verdict.flow.address in addresses for addresses in segment.hosts.values())


def _concerns(at: World, verdict: Verdict, port: Port | None) -> bool:
    """Insiders are judged by the target's own address; outsiders by every address that they tried."""
    flow = verdict.flow
    inside = flow.source in at.topology.services or flow.source in at.topology.hosts
    if inside and not flow.main:
        return False
    if port is None:
        return _declares(at, flow)
    if flow.protocol != port.protocol:
        return False
    numbers = (flow.reached,) if inside else (flow.reached, flow.port)
    return any(n in port.ports for n in numbers)


def _declares(at: World, flow: Flow) -> bool:
    """The target declares the port that the flow is meant for."""
    goal = at.topology.services.get(flow.target) or at.topology.hosts.get(flow.target)
    ports = goal.ports if isinstance(goal, Service) else goal.programs if goal is not None else ()
    return any(p.protocol == flow.protocol and flow.reached in p.ports for p in ports)


def _not_open(source: str, place: str, found: list[Verdict]) -> Iterator[str]:
    """Every port must answer somewhere, and everywhere where the rest of the file opens it."""
    yield from (_sentence(v, "does not answer") for v in found if v.flow.open and not v.open)
    for port in sorted({v.flow.reached for v in found} - {v.flow.reached for v in found if v.open or v.flow.open}):
        yield f"from {source} port {port} of {place} answers at no address"


def _sentence(verdict: Verdict, verb: str) -> str:
    flow = verdict.flow
    return f"from {flow.source} port {flow.port}/{flow.protocol} of {flow.target} {verb} at {flow.address}"
