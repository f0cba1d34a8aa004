"""Names: what every service is told, and what it is not.

In: a topology and the ground on which it runs. Out: for each question whether the answer is the declared one. Never
takes one lost packet for a name that is missing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, product
from typing import Any

from warren.probe.ground import PROGRAMS, Fault, Ground, Surroundings
from warren.topology.model import Address, Egress, EgressKind, Role, Service, Topology
from warren.topology.passes.names import asks_the_root, suffix, upstream_of

TIMEOUT = 8.0
NO_ERROR, FAILED, UNKNOWN = 0, 2, 3
# Pairs of services that may not know each other: enough to see it, not all of a large network.
STRANGERS = 2000


@dataclass(frozen=True, slots=True)
class Question:
    """`service` asks for a name; `expected` are the texts that it may be told, none where it may know nothing.

    `forged` where the resolver must see that the answer is not the owner's, and give none.
    """

    service: str
    server: Address
    name: str
    type: str
    expected: tuple[str, ...]
    forged: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A question and what came back; `code` None where nothing did."""

    question: Question
    code: int | None
    found: tuple[str, ...]

    @property
    def why(self) -> str | None:
        """What is wrong with it, as the end of a sentence."""
        if self.code is None:
            return "nothing came back"
        if self.found != self.question.expected:
            return f"the answer is {', '.join(self.found) or 'nothing'}"
        wanted = (FAILED,) if self.question.forged else (NO_ERROR,) if self.found else (NO_ERROR, UNKNOWN)
        return None if self.code in wanted else f"the answer has the code {self.code}"

    @property
    def sentence(self) -> str:
        """The mistake as a sentence."""
        one = self.question
        meant = ", ".join(one.expected) or "nothing"
        return f"{one.service} asks for {one.name} ({one.type}), which is {meant} for it, but {self.why}"


def ask_names(topology: Topology, ground: Ground) -> tuple[Answer, ...] | None:
    """Have every service ask for everything that it may and may not know; None where the network has no names."""
    if topology.dns is None:
        return None
    asked = tuple(questions(topology, ground.surroundings()))
    spaces = ground.namespaces()
    plan = {"timeout": TIMEOUT, "questions": [_written(n, one, spaces[one.service]) for n, one in enumerate(asked)]}
    text = ground.run_program(PROGRAMS / "asker.py", json.dumps(plan).encode(), 60 + TIMEOUT * len(topology.services))
    try:
        answers = {int(one["id"]): one for one in json.loads(text)["answers"]}
        return tuple(Answer(one, answers[n]["code"], tuple(answers[n]["found"])) for n, one in enumerate(asked))
    except (ValueError, KeyError, TypeError) as problem:
        raise Fault(f"the asker wrote no answers: {text[:200]!r}") from problem


def questions(topology: Topology, around: Surroundings) -> Iterator[Question]:
    """Everything that is asked."""
    strangers = islice(_strangers(topology), STRANGERS)
    for service in topology.declared:
        yield from _own(topology, service)
        yield from _outside(topology, service, around)
    yield from strangers


def _written(number: int, one: Question, netns: str) -> dict[str, Any]:
    return {"id": number, "netns": netns, "server": str(one.server), "name": one.name, "type": one.type}


def _servers(topology: Topology, service: Service) -> Iterable[Address]:
    return topology.services[service.resolver].addresses if service.resolver else ()


def _own(topology: Topology, service: Service) -> Iterator[Question]:
    for server in _servers(topology, service):
        for known in topology.known(service.name):
            for address in known.addresses:
                kind = "A" if address.version == 4 else "AAAA"
                yield Question(service.name, server, known.name, kind, (str(address),))
                if known.reverse:
                    yield Question(service.name, server, address.reverse_pointer, "PTR", (known.name,))


def _strangers(topology: Topology) -> Iterator[Question]:
    """Names and addresses of services that a service does not need."""
    for service in topology.declared:
        known = {one.name for one in topology.known(service.name)}
        for other in topology.services.values():
            name = f"{other.name}.{suffix(topology)}"
            if name not in known and (other.role is Role.DECLARED):
                for server in islice(_servers(topology, service), 1):
                    yield Question(service.name, server, name, "A", ())
                    yield Question(service.name, server, other.addresses.v4.reverse_pointer, "PTR", ())


def _outside(topology: Topology, service: Service, around: Surroundings) -> Iterator[Question]:
    """Names of the Internet, for those that may leave; nothing for the others."""
    leaves = service.egress.kind in (EgressKind.DIRECT, EgressKind.GATEWAY)
    if leaves and not _asks_the_internet(topology, service):
        return
    for name, addresses in around.outside_names.items() if leaves or service.egress.kind is EgressKind.NONE else ():
        for server in islice(_servers(topology, service), 1):
            told = tuple(sorted(str(one) for one in addresses if one.version == 4)) if leaves else ()
            yield Question(service.name, server, name, "A", told)
    if leaves and topology.dns and topology.dns.dnssec:
        for name, server in product(around.forged_names, islice(_servers(topology, service), 1)):
            yield Question(service.name, server, name, "A", (), forged=True)


def _asks_the_internet(topology: Topology, service: Service) -> bool:
    """Whether the service's resolver asks somebody whom the ground has: a server on a LAN may know anything."""
    dns, host = topology.dns, topology.hosts[service.host]
    if dns is None:
        return False
    upstream = upstream_of(dns, host, service.egress)
    lan = upstream_of(dns, host, Egress(EgressKind.LAN))
    return asks_the_root(dns, service.egress) or any(one not in lan for one in upstream)
