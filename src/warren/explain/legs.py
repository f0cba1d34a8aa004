"""A question that is answered in several steps: who asks for a name over HTTPS asks an entry, which asks the service.

In: a question and the topology. Out: the questions of its steps, in their order. Never more than one for what goes
straight.
"""

from __future__ import annotations

from dataclasses import dataclass

from warren.explain.question import LAN, End, Question
from warren.topology.model import HttpsExposure, Topology

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
    entry, service = topology.services[site.entry], topology.services[site.service]
    port = next((each for each in entry.ports if each.ports.first == SECURE), None)
    door = Question(question.source, End(entry.name, service=entry), SECURE, "tcp", port)
    behind = Question(
        End(entry.name, service=entry), End(service.name, service=service), site.port.ports.first, "tcp", site.port
    )
    note = (
        f"{SCHEME}{site.name} is answered by {entry.name} on {entry.host}, which asks {service.name}.{site.port.name}"
    )
    return Legs((door, behind), (note,))


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
