"""Topology to the desired state of every host: the parts in a listed order.

In: a topology and the hosts' public keys. Out: one state a host, nothing left open. Never reads a host.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from warren.desired.items.file import File
from warren.desired.model import HostState, Item, Platform
from warren.desired.parts.accounting import accounting
from warren.desired.parts.dns import dns
from warren.desired.parts.firewall import firewall
from warren.desired.parts.https import https
from warren.desired.parts.machine.boot import boot
from warren.desired.parts.machine.local_ports import local_ports
from warren.desired.parts.machine.programs import programs
from warren.desired.parts.machine.users import users
from warren.desired.parts.passing import passing
from warren.desired.parts.routes import routes
from warren.desired.parts.services import services
from warren.desired.parts.tunnels import tunnels
from warren.desired.parts.workloads import workloads
from warren.desired.view import HostView, views
from warren.topology.model import Topology

Part = Callable[[HostView], Iterator[Item]]

# What the product offers. The order is that of reading; the order of doing follows from each item's rank.
PARTS: tuple[Part, ...] = (firewall, accounting, tunnels, routes, services, dns, https, passing)


# What only whole machines hold.
MACHINE_PARTS: tuple[Part, ...] = (users, local_ports, workloads, programs)


def lower(
    topology: Topology, keys: Mapping[str, str] | None = None, platform: Platform = Platform.NETNS
) -> dict[str, HostState]:
    """Every host's desired state. `keys` maps hosts to WireGuard public keys; a missing one is marked as unknown."""
    parts = PARTS if platform is Platform.NETNS else (*PARTS, *MACHINE_PARTS)
    made = {name: [item for part in parts for item in part(view)] for name, view in views(topology, keys or {}).items()}
    return {name: _whole(items, platform) for name, items in made.items()}


def with_keys(
    desired: Mapping[str, HostState], topology: Topology, keys: Mapping[str, str], platform: Platform = Platform.NETNS
) -> dict[str, HostState]:
    """The same states with the hosts' public keys filled in: only tunnels, and what makes them at boot, know them."""
    made = views(topology, keys)
    keyed = {
        name: {**state.items, **{item.key: item for item in tunnels(made[name])}} for name, state in desired.items()
    }
    return {name: _whole(items.values(), platform) for name, items in keyed.items()}


def _whole(items: Iterable[Item], platform: Platform) -> HostState:
    """The items with what brings them back after a boot, made from all of them."""
    if platform is Platform.NETNS:
        return HostState.of(map(_without_users, items))
    held = {item.key: item for item in items}
    return HostState({**held, **{item.key: item for item in boot(held.values())}})


def _without_users(item: Item) -> Item:
    """Where there are no users, what one of them may read is root's alone."""
    return replace(item, group="root") if isinstance(item, File) else item
