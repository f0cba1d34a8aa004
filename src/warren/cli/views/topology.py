"""A topology for people and for programs.

In: a topology. Out: one line, tables, or a document. Never a host's technology.
"""

from __future__ import annotations

from warren.cli.views.text import count
from warren.topology.model import Topology


def numbers(topology: Topology) -> dict[str, object]:
    """How much there is of everything."""
    return {
        "network": topology.name,
        "hosts": len(topology.hosts),
        "services": len(topology.services),
        "tunnels": len(topology.tunnels),
        "permissions": len(topology.permissions),
        "exposures": len(topology.exposures) + len(topology.https),
    }


def summary(topology: Topology) -> str:
    """What a file means, in one line."""
    exposures = len(topology.exposures) + len(topology.https)
    parts = (
        count(len(topology.hosts), "host"),
        count(len(topology.services), "service"),
        count(len(topology.permissions), "permission"),
        count(exposures, "exposure"),
    )
    return f"{', '.join(parts)}"
