"""HTTPS from outside: the name, its certificate, the service behind it, and the client that it was told of.

In: a topology and the ground on which it runs. Out: for each site and each public address what a visitor found. Never
takes a certificate of anybody but the ground's authority.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from warren.probe.ground import PROGRAMS, Fault, Ground, Surroundings
from warren.topology.model import Address, HttpsExposure, Topology
from warren.verify.world import within

INTERNET = "internet"
# Half a second between two: a first certificate takes some seconds.
TRIES = 60
FORBIDDEN = 401
NOBODY = "nobody.invalid"


@dataclass(frozen=True, slots=True)
class Visit:
    """`place` asks for a path of a name at a public address; `site` is None for a name that nobody has."""

    place: str
    address: Address
    name: str
    path: str
    site: HttpsExposure | None
    seen: tuple[Address, ...]

    @property
    def welcome(self) -> bool:
        """Whether the file lets this visitor in at all."""
        sources = self.site.sources if self.site else ()
        return self.site is not None and (not sources or within(self.seen, sources, self.address.version))


@dataclass(frozen=True, slots=True)
class Visited:
    """A visit and what came of it; `service` and `client` are what the stand-in said of itself and of the visitor."""

    visit: Visit
    status: int | None
    error: str | None
    service: str | None = None
    port: int | None = None
    client: str | None = None

    @property
    def why(self) -> str | None:
        """What is wrong with it, as the end of a sentence."""
        site = self.visit.site
        if site is None or not self.visit.welcome:
            return None if self.status is None else f"it was answered with {self.status}"
        if self.status is None:
            return self.error or "nothing came back"
        if site.site.basic:
            return None if self.status == FORBIDDEN else f"nobody was asked for a password, the status is {self.status}"
        return None if site.site.raw else self._wrong(site)

    def _wrong(self, site: HttpsExposure) -> str | None:
        if self.service != site.service:
            return f"{self.service or f'status {self.status}'} answered instead of {site.service}"
        if self.port != site.port.ports.first:
            return f"port {self.port} of {self.service} answered instead of {site.port.ports}"
        if self.client not in {str(address) for address in self.visit.seen}:
            return f"{site.service} was told that the client is {self.client}"
        return None

    @property
    def sentence(self) -> str:
        """The mistake as a sentence."""
        one = self.visit
        return f"from {one.place}, https://{one.name}{one.path} at {one.address} should work, but {self.why}"


def visit(topology: Topology, ground: Ground) -> tuple[Visited, ...] | None:
    """Visit every site from outside; None where there are none, or where nobody's certificates can be checked."""
    around = ground.surroundings()
    if not topology.https or not around.authority:
        return None
    wanted = tuple(visits(topology, around))
    place = ground.namespaces()[INTERNET]
    plan = {"authority": around.authority, "visits": [_written(n, one, place) for n, one in enumerate(wanted)]}
    text = ground.run_program(PROGRAMS / "visitor.py", json.dumps(plan).encode(), 60 + 6 * len(wanted))
    try:
        found = {int(one["id"]): one for one in json.loads(text)["visits"]}
        return tuple(_visited(one, found[number]) for number, one in enumerate(wanted))
    except (ValueError, KeyError, TypeError) as problem:
        raise Fault(f"the visitor wrote no answers: {text[:200]!r}") from problem


def visits(topology: Topology, around: Surroundings) -> Iterator[Visit]:
    """Every site at every public address, and a name that nobody has."""
    seen = around.seen.get(INTERNET, ())
    families = {address.version for address in seen}
    for site in topology.https:
        for address in topology.hosts[site.at].public:
            if address.version in families:
                name = site.name.replace("*.", "any.")
                yield Visit(INTERNET, address, name, site.path, site, seen)
    for gateway in dict.fromkeys(site.at for site in topology.https):
        for address in topology.hosts[gateway].public:
            if address.version in families:
                yield Visit(INTERNET, address, NOBODY, "/", None, seen)


def _written(number: int, one: Visit, netns: str) -> dict[str, Any]:
    return {
        "id": number,
        "netns": netns,
        "address": str(one.address),
        "name": one.name,
        "host": one.name,
        "path": one.path,
        "tries": TRIES if one.welcome else 1,
    }


def _visited(one: Visit, found: dict[str, Any]) -> Visited:
    answer = _answer(found["body"])
    port, service, client = answer.get("port"), answer.get("service"), answer.get("client")
    return Visited(
        one,
        found["status"],
        found["error"],
        str(service) if service else None,
        port if isinstance(port, int) else None,
        str(client) if client else None,
    )


def _answer(body: str) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
