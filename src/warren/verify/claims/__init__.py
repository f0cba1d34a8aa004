"""What a topology declares, as claims about packets: what `verify` states flow by flow, stated for all of them.

In: a topology and what stands around it. Out: claims. Never looks at items: this is the other witness.
"""

from __future__ import annotations

from itertools import chain

from warren.prove.claim import Claim
from warren.prove.outside import Outside
from warren.topology.model import Topology
from warren.verify.claims import doors, hosts, leaving, needs
from warren.verify.claims.around import Around


def claims_of(topology: Topology, outside: Outside, version: int | None = None) -> tuple[Claim, ...]:
    """Everything that the topology says is open, and what it does not speak about; in both families, or in one."""
    around = Around.of(topology, outside)
    found = chain.from_iterable(each.claims(around) for each in (leaving, hosts, doors, needs))
    return tuple(dict.fromkeys(claim for claim in found if version in (None, claim.version)))
