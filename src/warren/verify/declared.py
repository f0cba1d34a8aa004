"""Every flow that the file speaks of, by what it says or by what it leaves out.

In: a topology and its surroundings. Out: flows between every pair of places, each declared open or closed. Never
sends a packet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from warren.probe.ground import Surroundings
from warren.topology.model import Host, Service, Topology
from warren.verify.flow import Flow
from warren.verify.inside import host_to_host, host_to_service, loopback, service_to_host, service_to_service
from warren.verify.leaving import host_to_server, service_to_neighbour, service_to_server
from warren.verify.outside import outsider_to_host, outsider_to_service
from warren.verify.world import World, host_listening, numbers, world

INTERNET, INTERNET2 = "internet", "internet2"

Numbers: TypeAlias = Callable[[Service | Host], Iterable[int]]


def declared(topology: Topology, around: Surroundings) -> tuple[Flow, ...]:
    """The whole matrix, in the order of the file; no flow twice."""
    at = world(topology, around)
    found: dict[tuple[object, ...], Flow] = {}
    for flow in _all(at):
        found.setdefault((*flow.key, flow.address), flow)
    return tuple(found.values())


def between(at: World, source: str, target: str, ports: Numbers) -> Iterator[Flow]:
    """The flows from one place to one service or host, at the ports that `ports` names for it."""
    goal = at.topology.services.get(target) or at.topology.hosts.get(target)
    if goal is None or source == target:
        return
    wanted = tuple(ports(goal))
    start = at.topology.services.get(source) or at.topology.hosts.get(source)
    match start, goal:
        case Service(), Service():
            yield from service_to_service(at, start, goal, wanted)
        case Service(), Host():
            yield from service_to_host(at, start, goal, wanted)
        case Host(), Service():
            yield from host_to_service(at, start, goal, wanted)
        case Host(), Host():
            yield from host_to_host(start, goal, wanted)
        case None, Service():
            yield from outsider_to_service(at, source, goal, wanted)
        case None, Host():
            yield from outsider_to_host(at, source, goal, wanted)


def outsiders(at: World) -> tuple[str, ...]:
    """The outside places that the matrix shows; the second client only where an exposure limits who may come."""
    limited = any(e.sources and not e.is_lan for e in at.topology.exposures)
    return (INTERNET, *((INTERNET2,) if limited else ()), *at.around.lans)


def usual(place: Service | Host) -> tuple[int, ...]:
    """The ports that the matrix tries."""
    return numbers(place) if isinstance(place, Service) else host_listening(place)


def _all(at: World) -> Iterator[Flow]:
    topology = at.topology
    targets = (*topology.services, *topology.hosts)
    for source in (*outsiders(at), *topology.hosts, *topology.services):
        for target in targets:
            yield from between(at, source, target, usual)
        yield from _leaving(at, source)


def _leaving(at: World, source: str) -> Iterator[Flow]:
    if host := at.topology.hosts.get(source):
        yield from host_to_server(at, host)
    if service := at.topology.services.get(source):
        yield from loopback(at, service)
        yield from service_to_server(at, service)
        for place in at.around.lans:
            yield from service_to_neighbour(at, service, place)
