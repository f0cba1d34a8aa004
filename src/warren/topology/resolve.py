"""The spec into a topology: every address, tunnel, permission and exposure fixed.

In: a checked spec and the ledger of last time. Out: the topology, and the ledger to keep. Never reads or writes a file.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from warren.spec.model import Spec
from warren.spec.reference import Directory
from warren.topology.ground import Ground
from warren.topology.ledger import Ledger
from warren.topology.model import Topology
from warren.topology.passes.allocate import allocate
from warren.topology.passes.expect import expect
from warren.topology.passes.expose import expose
from warren.topology.passes.hosts import hosts
from warren.topology.passes.https import entries
from warren.topology.passes.names import names
from warren.topology.passes.permit import permit
from warren.topology.passes.services import services
from warren.topology.passes.tunnels import tunnels
from warren.topology.passes.workloads import workloads

Pass: TypeAlias = Callable[[Ground, Topology], Topology]

# Each stands on those above it.
PASSES: tuple[tuple[str, Pass], ...] = (
    ("hosts", hosts),
    ("services", services),
    ("workloads", workloads),
    ("tunnels", tunnels),
    ("permissions", permit),
    ("exposures", expose),
    ("entries", entries),
    ("names", names),
    ("expectations", expect),
)


def resolve(spec: Spec, ledger: Ledger) -> tuple[Topology, Ledger]:
    """The network that `spec` means, and the ledger with everything that it was given."""
    kept = allocate(spec, ledger)
    ground = Ground(spec, kept, Directory(spec))
    topology = _bare(spec)
    for _, one in PASSES:
        topology = one(ground, topology)
    return topology, kept


def _bare(spec: Spec) -> Topology:
    network = spec.network
    return Topology(
        name=network.name,
        domain=network.domain,
        prefix4=network.ipv4,
        prefix6=network.ipv6,
        hosts={},
        services={},
        tunnels=(),
        permissions=(),
        exposures=(),
    )
