"""What every place can reach: the whole relation, proved.

In: states of hosts and the outside. Out: a proof, to be asked what a place reaches and whether a packet passes. Never
asks what was meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TypeAlias

from warren.desired.model import HostState
from warren.prove.devices import one
from warren.prove.diagrams import ALL, Diagram
from warren.prove.interpret import Interpreter
from warren.prove.network import NOTHING_DOWN, Down, Network, Node, network
from warren.prove.outside import Outside
from warren.prove.packets import ORIGIN, QUESTION, SADDR, rows
from warren.prove.walk import Arrival, Start, Walk, own_spans


@dataclass(frozen=True, slots=True)
class Origin:
    """A place where packets begin; from outside, `device` is the uplink of `node` by which they come."""

    place: str
    node: str
    device: str | None = None


FAMILIES = (4, 6)
# Beyond so many the answers to former starts are forgotten: they take more memory than they spare work.
FORGOTTEN_FROM = 1 << 16
# Holds the number of a place that is no more.
GONE = Origin("", "")


@dataclass(frozen=True, slots=True)
class Proved:
    """One arrival, and the part of it that is answered. `touched` are the hosts that packets of the start came to."""

    version: int
    start: Start
    arrival: Arrival
    answered: Diagram
    touched: frozenset[str] = frozenset()

    @property
    def exit(self) -> str | None:
        """The host by whose uplink the packets leave; None where they end inside."""
        return self.arrival.node.name if self.arrival.device else None


StartKey: TypeAlias = tuple[int, str, object, Diagram, Diagram]
Known: TypeAlias = Mapping[StartKey, list[Proved]]


@dataclass(frozen=True, slots=True)
class Proof:
    """All arrivals of all places. `origins` have as their numbers the positions in this tuple."""

    network: Network
    interpreter: Interpreter
    walks: Mapping[int, Walk]
    origins: tuple[Origin, ...]
    proved: tuple[Proved, ...]
    numbers: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def of(self, place: str) -> tuple[int, ...]:
        """The numbers of a place: outside it may have several, one for each uplink."""
        return self.numbers.get(place, ())

    def all_of(self, places: tuple[str, ...]) -> tuple[int, ...]:
        """The numbers of several places."""
        return tuple(number for place in places for number in self.of(place))

    def rest(self) -> None:
        """Forget what came of sets, before something else is asked: the sets stay."""
        for walk in self.walks.values():
            walk.space.rest()

    @property
    def loops(self) -> tuple[tuple[str, ...], ...]:
        """Ways that went round in circles."""
        return tuple(nodes for walk in self.walks.values() for nodes, _ in walk.loops)


def prove(
    states: Mapping[str, HostState], outside: Outside, down: Down = NOTHING_DOWN, beside: Proof | None = None
) -> Proof:
    """Everything that every place can reach, in both families; sets have the same numbers as in a proof `beside`."""
    return walked(Interpreter.of(network(states, outside, down)), FAMILIES, beside)


def walked(
    interpreter: Interpreter, versions: tuple[int, ...], beside: Proof | None = None, thrifty: bool = False
) -> Proof:
    """The same for some families of a network: neither needs the other. `thrifty` where no other proof stands beside it
    later: what came of sets is then forgotten on the way, the sets are not.
    """
    made, tunnels = interpreter.network, interpreter.tunnels
    spaces = {version: beside.walks[version].space if beside else None for version in versions}
    walks = {version: Walk.of(made, tunnels, version, spaces[version]) for version in versions}
    proof = proof_of(made, interpreter, walks, thrifty=thrifty)
    if thrifty:
        proof.rest()
    return proof


def proof_of(
    made: Network,
    interpreter: Interpreter,
    walks: Mapping[int, Walk],
    known: Known | None = None,
    earlier: tuple[Origin, ...] = (),
    thrifty: bool = False,
) -> Proof:
    """Walk from every start but those that are known. Places keep the numbers that they had in an `earlier` proof."""
    origins = _numbered(tuple(_origins(made)), earlier)
    found = known or {}
    proved = tuple(
        each
        for walk in walks.values()
        for start in starts(walk, origins)
        for each in found.get(start_key(walk.version, start)) or _proved(walk, start, thrifty)
    )
    numbers: dict[str, tuple[int, ...]] = {}
    for number, origin in enumerate(origins):
        if origin is not GONE:
            numbers[origin.place] = (*numbers.get(origin.place, ()), number)
    return Proof(made, interpreter, walks, origins, proved, numbers)


def _numbered(now: tuple[Origin, ...], earlier: tuple[Origin, ...]) -> tuple[Origin, ...]:
    """The places of now, at their earlier numbers where they have some; the others follow."""
    here, there = set(now), set(earlier)
    return (*(each if each in here else GONE for each in earlier), *(each for each in now if each not in there))


def start_key(version: int, start: Start) -> StartKey:
    """What makes a start the same one in another proof over the same space."""
    device = (start.iif.single or start.iif.level) if start.iif else None
    return version, start.node.name, device, start.headers, start.bound


def _proved(walk: Walk, start: Start, thrifty: bool) -> list[Proved]:
    walk.touched.clear()
    if thrifty:
        walk.space.rest(FORGOTTEN_FROM)
    arrivals = list(walk.arrivals(start))
    touched = frozenset(walk.touched)
    return [Proved(walk.version, start, each, walk.answered(each), touched) for each in arrivals]


def _origins(made: Network) -> Iterator[Origin]:
    """Services of one host beside each other, so that many are one span."""
    services: dict[str, list[Node]] = {}
    for node in made.nodes.values():
        services.setdefault(node.host, [])
        if not node.is_host:
            services[node.host].append(node)
    for host in made.hosts:
        yield from (Origin(service.name, service.name) for service in services[host.name])
        yield Origin(host.name, host.name)
        for uplink in made.outside.of(host.name):
            if uplink.device in host.devices:
                yield Origin(uplink.place, host.name, uplink.device)


def starts(walk: Walk, origins: tuple[Origin, ...]) -> Iterator[Start]:
    """Where packets begin: all services of a host at once, the host itself, and each uplink."""
    held: dict[str, dict[str, int]] = {}
    standing = [(number, origin) for number, origin in enumerate(origins) if origin is not GONE]
    for number, origin in standing:
        node = walk.network.nodes[origin.node]
        if origin.device is None and not node.is_host:
            held.setdefault(node.host, {})[origin.place] = number
    for host, numbers in held.items():
        yield from services_starts(walk, walk.network.nodes[host], numbers)
    for number, origin in standing:
        node = walk.network.nodes[origin.node]
        headers = walk.space.spans(ORIGIN, [(number, number)])
        if origin.device is not None:
            yield Start(node, headers, one(origin.device), (origin.place,))
        elif node.is_host:
            yield Start(node, walk.space.both(headers, _own(walk, node)), None, (origin.place,))


def services_starts(walk: Walk, host: Node, numbers: dict[str, int]) -> tuple[Start, ...]:
    """All services of a host: what arrives at the host's ends of their pairs, with whatever source.

    Honest packets are told apart by their sources, so that services with equal permissions are one set.
    """
    key = (id(host), tuple(numbers.items()))
    found = walk.begun.get(key)
    if found is None:
        found = walk.begun[key] = (host, tuple(_services_starts(walk, host, numbers)))
    return found[1]


def _services_starts(walk: Walk, host: Node, numbers: dict[str, int]) -> Iterator[Start]:
    pairs = {device.node: device.name for device in host.devices.values() if device.node}
    known = {name: number for name, number in numbers.items() if name in pairs}
    own = {name: tuple(own_spans(walk.network.nodes[name], walk.version)) for name in known}
    ties = [(((known[name],) * 2, span), ALL) for name, spans in own.items() for span in spans]
    bound = rows(walk.space, (ORIGIN, SADDR), ties)
    honest = walk.ways.devices(SADDR, {pairs[name]: spans for name, spans in own.items()})
    yield Start(host, walk.speaking(host, None, QUESTION), honest, tuple(known), bound)
    anyone = walk.ways.devices(ORIGIN, {pairs[name]: ((number, number),) for name, number in known.items()})
    forged = walk.space.without(walk.speaking(host, known, QUESTION), bound)
    yield Start(host, forged, anyone, tuple(known))


def _own(walk: Walk, host: Node) -> Diagram:
    """The sources that a host's own programs have: the kernel gives them its addresses."""
    loopback = {int(ip_address("127.0.0.1")), int(ip_address("::1"))}
    own = [(number, number) for version, number in host.local if version == walk.version and number not in loopback]
    return walk.space.spans(SADDR, own)
