"""What a topology declares, as claims about packets: what `verify` states flow by flow, stated for all of them.

In: a topology and what stands around it. Out: claims. Never looks at items: this is the other witness.
"""

from __future__ import annotations

from warren.prove.claim import Claim
from warren.prove.outside import Outside
from warren.topology.model import Topology
from warren.verify.claims import doors, hosts, leaving, needs
from warren.verify.claims.around import Around


def claims_of(topology: Topology, outside: Outside) -> tuple[Claim, ...]:
    """Everything that the topology says is open, and what it does not speak about."""
    around = Around.of(topology, outside)
    found = (
        *leaving.claims(around),
        *hosts.claims(around),
        *doors.claims(around),
        *needs.claims(around),
    )
    return tuple(dict.fromkeys(found))
