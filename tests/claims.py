"""What topologies declare, in the surroundings that tests give them.

In: topologies. Out: claims. Never looks at items.
"""

from __future__ import annotations

from warren.prove.claim import Claim
from warren.topology.model import Topology
from warren.verify import beyond, claims


def claims_of(topology: Topology) -> tuple[Claim, ...]:
    """Everything that the topology says is open, and what it does not speak about."""
    return claims.claims_of(topology, beyond.outside_of(topology))
