"""The `expect:` lines of the file, judged by the proof.

In: a topology and what was proved of its hosts. Out: for each line that does not hold a diagnostic with an example.
Never sends a packet, and never trusts what is declared: a line can ask for what the rest of the file denies.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from warren.basis.diagnostic import Diagnostic, error
from warren.prove.compare import Ends, examples, honest, sources
from warren.prove.diagrams import ALL, NOTHING, Diagram, Span
from warren.prove.header import NUMBERS, Packet
from warren.prove.matrix import Proof
from warren.prove.packets import DADDR, DPORT, ORIGIN, PROTO, SADDR, Row, rows
from warren.prove.walk import Walk
from warren.topology.model import Expectation, Port, Topology

# A second client outside, whom no `from` names. For `internet` that is open which somebody reaches, and closed which
# nobody reaches but those whom a `from` names.
STRANGER = "internet2"
INTERNET = "internet"
HEADERS = (DADDR, PROTO, DPORT)
LOOPBACKS = (0x7F000001, 1)
LARGE = {4: 8, 6: 16}
Targets: TypeAlias = tuple[tuple[str, Port], ...]


@dataclass(frozen=True, slots=True)
class Judge:
    """One family of one proof; `direct` is what arrives without a translated target, `some` what arrives anyhow."""

    topology: Topology
    proof: Proof
    walk: Walk
    direct: Diagram
    some: Diagram
    direct_answered: Diagram
    some_answered: Diagram
    honest: Diagram

    @classmethod
    def of(cls, topology: Topology, proof: Proof, walk: Walk, ended: Ends) -> Judge:
        """What ends inside the network."""
        inside = [(ended.arrived, False), (ended.arrived, None), (ended.answered, False), (ended.answered, None)]
        held = [
            walk.space.union(each for end, each in found.items() if end[0] is None and named in (None, end[1]))
            for found, named in inside
        ]
        direct, some, direct_answered, some_answered = held
        return cls(topology, proof, walk, direct, some, direct_answered, some_answered, honest(proof, walk))

    def goal(self, place: str, port: Port) -> Diagram:
        """The headers that arrive at a port of a place, at any of its addresses."""
        node = self.proof.network.nodes.get(place)
        numbers = sorted(n for v, n in node.local if v == self.walk.version and n not in LOOPBACKS) if node else ()
        ports = (port.ports.first, port.ports.last)
        protocol = (NUMBERS[port.protocol.value],) * 2
        given: list[tuple[Row, Diagram]] = [(((n, n), protocol, ports), ALL) for n in numbers]
        return rows(self.walk.space, HEADERS, given)

    def inner(self, place: str, port: Port) -> Diagram:
        """The same, at the place's own address in the network."""
        held = self.topology.services.get(place) or self.topology.hosts.get(place)
        own = [(int(a), int(a)) for a in held.addresses if a.version == self.walk.version] if held else []
        return self.walk.space.both(self.goal(place, port), self.walk.space.spans(DADDR, own))

    def begins(self, names: list[str]) -> Diagram:
        """What places inside begin honestly."""
        numbers = sorted(number for name in names for number in self.proof.of(name))
        space = self.walk.space
        own = [(n, space.spans(SADDR, sources(self.proof, self.walk, n, False))) for n in numbers]
        return space.node(ORIGIN, [(n, n, spans) for n, spans in own])

    def left_out(self, line: Expectation, names: list[str]) -> Diagram:
        """What a line does not speak of: places themselves, and for `anyone` the host's own services."""
        space, known = self.walk.space, set(names)
        skipped: dict[int, list[Diagram]] = {}
        for place, port in line.targets:
            service = self.topology.services.get(place)
            for name in {place, service.host} if line.anyone and service else {place}:
                for number in self.proof.of(name) if name in known else ():
                    skipped.setdefault(number, []).append(self.inner(place, port))
        return space.node(ORIGIN, [(n, n, space.union(skipped[n])) for n in sorted(skipped)])

    def comes(self, name: str, named: bool = True) -> Diagram:
        """What comes honestly from outside by the uplinks of a place; from whom a `from` names, or not from those."""
        space = self.walk.space
        place = INTERNET if name == STRANGER else name
        found = space.spans(ORIGIN, [(number, number) for number in self.proof.of(place)])
        found = space.both(found, self.honest)
        if named and name != STRANGER:
            return found
        return space.without(found, space.spans(SADDR, _named(self.topology, self.walk.version)))


def _named(topology: Topology, version: int) -> list[Span]:
    """Whom the public exposures' `from` names: who is named is not meant by `internet`. Very large prefixes are."""
    return [
        (int(each.network_address), int(each.broadcast_address))
        for exposure in topology.exposures
        for each in exposure.sources
        if not exposure.is_lan and each.version == version and each.prefixlen >= LARGE[version]
    ]


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a family says of each line: a sentence `against` it, and what is `silent` and must speak in the other."""

    against: tuple[str | None, ...]
    silent: tuple[tuple[str, ...], ...]


def judged(topology: Topology, proof: Proof, walk: Walk, ended: Ends) -> Spoken:
    """All lines, by one family."""
    judge = Judge.of(topology, proof, walk, ended)
    against = tuple(next(_against(judge, line), None) for line in topology.expect)
    return Spoken(against, tuple(tuple(_silent(judge, line)) for line in topology.expect))


def broken(topology: Topology, spoken: Sequence[Spoken]) -> Iterator[Diagnostic]:
    """Every line that does not hold, by what all families say."""
    for number, line in enumerate(topology.expect):
        silent = [each for each in spoken[0].silent[number] if all(each in other.silent[number] for other in spoken)]
        told = [each.against[number] for each in spoken if each.against[number]]
        for sentence in (*told, *silent)[:1]:
            yield error("expectation-false", f"`{line.text}: {_word(line)}` does not hold: {sentence}", line.place)


def _word(line: Expectation) -> str:
    return "open" if line.open else "closed"


def _against(judge: Judge, line: Expectation) -> Iterator[str]:
    inside, outside = _sides(judge.topology, line)
    yield from _from_inside(judge, line, inside)
    for name in () if line.open else outside:
        yield from _closed_outside(judge, name, line.targets)


def _silent(judge: Judge, line: Expectation) -> Iterator[str]:
    for name in _sides(judge.topology, line)[1] if line.open else ():
        yield from _open_outside(judge, name, line.targets)


def _sides(topology: Topology, line: Expectation) -> tuple[list[str], list[str]]:
    """Whom a line speaks of, inside and outside."""
    known = {*topology.services, *topology.hosts}
    return [name for name in line.sources if name in known], [name for name in line.sources if name not in known]


def _from_inside(judge: Judge, line: Expectation, names: list[str]) -> Iterator[str]:
    space = judge.walk.space
    wanted = space.union(judge.inner(place, port) for place, port in line.targets)
    headers = space.without(space.both(judge.begins(names), wanted), judge.left_out(line, names))
    wrong = space.without(headers, judge.direct_answered) if line.open else space.both(headers, judge.direct)
    for origin, packet in examples(judge.proof, judge.walk, wrong):
        yield _sentence(origin.place, packet, not line.open)


def _closed_outside(judge: Judge, source: str, targets: Targets) -> Iterator[str]:
    space = judge.walk.space
    goals = space.union(judge.goal(place, port) for place, port in targets)
    comes = judge.comes(source, named=source != INTERNET)
    for _, packet in examples(judge.proof, judge.walk, space.both(space.both(comes, goals), judge.some)):
        yield _sentence(source, packet, True)


def _open_outside(judge: Judge, source: str, targets: Targets) -> Iterator[str]:
    """Every port must be reached at some address, in one family at least; a LAN may take the way of the Internet."""
    senders = dict.fromkeys((source, source if source == STRANGER else INTERNET))
    for place, port in targets:
        if not any(_reaches(judge, each, place, port) for each in senders):
            yield f"nothing that comes from {source} arrives at port {port.ports}/{port.protocol} of {place}"


def _reaches(judge: Judge, source: str, place: str, port: Port) -> bool:
    space = judge.walk.space
    return space.both(space.both(judge.comes(source), judge.goal(place, port)), judge.some_answered) != NOTHING


def _sentence(source: str, packet: Packet, reaches: bool) -> str:
    verb = "gets through" if reaches else "does not get through"
    return f"from {source} {packet} {verb}"
