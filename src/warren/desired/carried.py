"""What a host holds that carries connections on beside its rules: needed ports at 127.0.0.1.

In: a topology and the states of its hosts. Out: the same states with the units of those ports, as whole machines hold
them. Never for a plan: a host without systemd has none.
"""

from __future__ import annotations

from collections.abc import Mapping

from warren.desired.model import HostState
from warren.desired.parts.machine.local_ports import local_ports
from warren.desired.view import views
from warren.topology.model import Topology


def with_local_ports(topology: Topology, states: Mapping[str, HostState]) -> dict[str, HostState]:
    """States with the units of every local port."""
    made = views(topology, {})
    units = {name: {item.key: item for item in local_ports(made[name])} for name in states}
    return {name: HostState({**state.items, **units[name]}) if units[name] else state for name, state in states.items()}
