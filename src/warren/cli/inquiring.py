"""Explanations for the commands: from the file alone, or from hosts that are asked.

In: a topology, a question, perhaps a lab. Out: an explanation. Never changes anything that stays.
"""

from __future__ import annotations

import secrets
from collections.abc import Generator, Mapping
from dataclasses import dataclass, replace

from warren.cli import ground as grounds
from warren.desired.carried import with_local_ports
from warren.desired.lower import lower, with_keys
from warren.evidence.follow import follow
from warren.evidence.gather import gather
from warren.evidence.knock import knock
from warren.evidence.model import Evidence
from warren.explain import live as judging
from warren.explain import static
from warren.explain.asking import inquiry
from warren.explain.followed import Step, steps
from warren.explain.ground import surroundings
from warren.explain.legs import Legs, legs
from warren.explain.model import Explanation
from warren.explain.origin import Origin
from warren.explain.question import End, Question
from warren.explain.static import Declared
from warren.hosts.base import Host
from warren.hosts.local import LocalHost
from warren.lab.lab import Lab
from warren.lab.proving import Proving
from warren.probe.ground import Surroundings
from warren.topology.model import Topology


@dataclass(frozen=True, slots=True)
class Standpoint:
    """The hosts that can be asked, what surrounds them, and from where the question can be put."""

    hosts: Mapping[str, Host]
    around: Surroundings
    vantage: Host | None


def from_file(topology: Topology, question: Question) -> Explanation:
    """What the file alone says."""
    around, steps = surroundings(topology), legs(topology, question)
    return _joined(question, steps, [static.explain(topology, around, each) for each in steps.questions])


def live(topology: Topology, question: Question, lab: str | None, wait: float) -> Explanation:
    """What the hosts show. Raises `Refused` where there are none."""
    steps = legs(topology, question)
    found = [at(standpoint(topology, each, lab), topology, each, wait) for each in steps.questions]
    return _joined(question, steps, found)


def _joined(question: Question, steps: Legs, found: list[Explanation]) -> Explanation:
    """The answers to all steps as one; the first that is broken speaks for all."""
    asked = tuple(each for one in found for each in one.asked)
    return Explanation(question.source.name, question.target.name, asked, steps.notes)


def at(stand: Standpoint, topology: Topology, question: Question, wait: float) -> Explanation:
    """Ask from a standpoint."""
    expected = Declared.of(topology, stand.around).expected(question)
    desired = lower(topology)
    if question.through is not None:  # what carries it there is looked at as well
        desired = with_local_ports(topology, desired)
    token = secrets.token_hex(4)
    found = gather(stand.hosts, desired, inquiry(topology, expected), stand.vantage, token, wait)
    return judging.explain(topology, question, expected, found, with_keys(desired, topology, keys(found)))


def keys(found: Evidence) -> dict[str, str]:
    """The hosts' public keys, as they have them."""
    observed = {name: seen.observed for name, seen in found.seen.items() if seen.observed}
    return {name: each.public_key for name, each in observed.items() if each.public_key}


def standpoint(topology: Topology, question: Question, lab: str | None) -> Standpoint:
    """Where to ask from: a place of the network itself, one of the lab, or this machine for the Internet."""
    found = grounds.ground(topology, lab)
    built = found.inside
    around = Proving(built, topology).surroundings() if built else surroundings(topology)
    return Standpoint(found.hosts, around, _vantage(found.hosts, question.source, built))


def _vantage(hosts: Mapping[str, Host], source: End, lab: Lab | None) -> Host | None:
    if source.is_inside:
        return hosts.get(source.service.host if source.service else source.name)
    if lab is None:
        return LocalHost("here") if source.name == "internet" else None
    return LocalHost(source.name, lab.place(source.name).entry) if source.address is None else None


def followed(
    topology: Topology, question: Question, lab: str | None, seconds: float, knocking: bool
) -> Generator[Step, None, None]:
    """The packets of a connection, as hosts see them. Raises `Refused` where there are none."""
    stand = standpoint(topology, question, lab)
    expected = Declared.of(topology, stand.around).expected(question)
    asked = inquiry(topology, expected)
    if asked.packets is None:
        return
    hosts = {name: stand.hosts[name] for name in asked.hosts if name in stand.hosts}
    # WireGuard's own packets are another connection.
    packets = replace(asked.packets, tunnels=())
    origin = Origin(topology, expected[0].flow)

    def begin() -> None:
        if knocking and stand.vantage:
            knock(stand.vantage, asked.doors)

    for host, lines in follow(hosts, packets, secrets.token_hex(4), seconds, begin):
        yield from steps(origin, expected, host, lines)
