"""A question that is answered in several steps: who asks for a name over HTTPS asks an entry, which asks the service.

In: a question and the topology. Out: the questions of its steps, in their order. Never more than one for what goes
straight.
"""

from __future__ import annotations

from dataclasses import dataclass

from warren.basis.ports import Protocol
from warren.explain.question import LAN, End, Question
from warren.topology.model import HttpsExposure, Topology
from warren.topology.passing import NAMES, passes

SECURE = 443
SCHEME = "https://"


@dataclass(frozen=True, slots=True)
class Legs:
    """The steps, and in words why there are several."""

    questions: tuple[Question, ...]
    notes: tuple[str, ...] = ()


def legs(topology: Topology, question: Question) -> Legs:
    """What is asked one after the other."""
    site = _site(topology, question)
    if site is None:
        return Legs((question,))
    entry, service = _end(topology, site.entry), _end(topology, site.service)
    behind = Question(entry, service, site.port.ports.first, "tcp", site.port)
    note = (
        f"{SCHEME}{site.name} is answered by {site.entry} on {_host(topology, site.entry)},"
        f" which asks {site.service}.{site.port.name}"
    )
    names = NAMES.first
    if site.passer is None:
        first = names if passes(topology, site.entry) else SECURE
        return Legs((_to(question.source, entry, first), behind), (note,))
    passer = _end(topology, site.passer)
    passed = f"{site.passer} on {_host(topology, site.passer)} reads the name alone, and passes the connection on"
    return Legs((_to(question.source, passer, names), _to(passer, entry, names), behind), (passed, note))


def _end(topology: Topology, name: str) -> End:
    return End(name, service=topology.services[name])


def _host(topology: Topology, name: str) -> str:
    return topology.services[name].host


def _to(source: End, target: End, number: int) -> Question:
    """A question for a TCP port of an entry."""
    ports = target.service.ports if target.service else ()
    port = next((each for each in ports if each.ports.first == number and each.protocol is Protocol.TCP), None)
    return Question(source, target, number, "tcp", port)


def _site(topology: Topology, question: Question) -> HttpsExposure | None:
    """The site by which somebody outside comes to a service that is not exposed by a port."""
    target = question.target.service
    if target is None or question.source.is_inside:
        return None
    near = question.source.name.startswith(LAN)
    doors = (each for each in topology.exposures if each.service == target.name and (near or not each.is_lan))
    if any(_is_meant(question, each.target.first) for each in doors):
        return None
    sites = (each for each in topology.https if each.service == target.name and each.entry in topology.services)
    return next((each for each in sites if _is_meant(question, each.port.ports.first)), None)


def _is_meant(question: Question, port: int) -> bool:
    return question.port is None or question.port == port
