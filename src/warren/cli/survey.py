"""A running lab at a glance.

In: a lab. Out: its hosts, places and faults as values. Never changes anything.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from warren.cli.glance import HostGlance, alive
from warren.cli.ground import hosts_of
from warren.lab import faults
from warren.lab.lab import Lab
from warren.lab.places import Kind


@dataclass(frozen=True, slots=True)
class LabGlance:
    """One lab: its hosts with their services, the other places, the faults in words."""

    name: str
    hosts: tuple[HostGlance, ...]
    places: tuple[str, ...]
    faults: tuple[str, ...]


def survey(lab: Lab) -> LabGlance:
    """Look at every host at once."""
    places = lab.places().values()
    hosts = [
        replace(host, services=tuple(p.name for p in places if p.kind is Kind.SERVICE and p.host == host.name))
        for host in alive(hosts_of(lab))
    ]
    others = tuple(sorted(place.name for place in places if place.kind is Kind.OTHER))
    return LabGlance(lab.name, tuple(hosts), others, faults.listed(lab))
