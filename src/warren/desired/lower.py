"""Topology to the desired state of every host: the parts in a listed order.

In: a topology and the hosts' public keys. Out: one state a host, nothing left open. Never reads a host.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from warren.desired.model import HostState, Item
from warren.desired.parts.accounting import accounting
from warren.desired.parts.firewall import firewall
from warren.desired.parts.routes import routes
from warren.desired.parts.services import services
from warren.desired.parts.tunnels import tunnels
from warren.desired.view import HostView, views
from warren.topology.model import Topology

Part = Callable[[HostView], Iterator[Item]]

# What the product offers. The order is that of reading; the order of doing follows from each item's rank.
PARTS: tuple[Part, ...] = (firewall, accounting, tunnels, routes, services)


def lower(topology: Topology, keys: Mapping[str, str] | None = None) -> dict[str, HostState]:
    """Every host's desired state. `keys` maps hosts to WireGuard public keys; a missing one is marked as unknown."""
    return {
        name: HostState.of(item for part in PARTS for item in part(view))
        for name, view in views(topology, keys or {}).items()
    }


def with_keys(desired: Mapping[str, HostState], topology: Topology, keys: Mapping[str, str]) -> dict[str, HostState]:
    """The same states with the hosts' public keys filled in: only tunnels know them."""
    made = views(topology, keys)
    return {
        name: HostState({**state.items, **{item.key: item for item in tunnels(made[name])}})
        for name, state in desired.items()
    }
