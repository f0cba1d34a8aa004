"""Tunnels, and by which of them two hosts reach each other.

In: hosts, and which gateways each dials. Out: the topology with tunnels and ways. Never makes a key or an interface.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from warren.spec.gateways import dials
from warren.spec.model import Spec
from warren.topology.ground import Ground, refuse
from warren.topology.model import Host, Topology, Tunnel

# A gateway's number is a part of a packet's mark: 1 to 14 in the upper half of one byte and all of the lower.
LAST_GATEWAY = 223


def tunnels(ground: Ground, topology: Topology) -> Topology:
    """Every tunnel, gateways in the order of the file, and the ways between all hosts."""
    dialled = {name: frozenset(dials(ground.spec, name)) for name in topology.hosts}
    made = tuple(
        _tunnel(ground.spec, gateway, host)
        for gateway in topology.hosts.values()
        if gateway.is_gateway
        for host in topology.hosts.values()
        if gateway.name in dialled[host.name]
    )
    for gateway in topology.gateways:
        if gateway.number > LAST_GATEWAY:
            refuse(
                "gateway-number", f"the gateway `{gateway.name}` is host number {gateway.number}", gateway.place, LATE
            )
    return replace(topology, tunnels=made, ways=dict(_ways(topology, dialled)))


LATE = f"gateways must be among the first {LAST_GATEWAY + 1} hosts that a network ever had"


def _tunnel(spec: Spec, gateway: Host, dialer: Host) -> Tunnel:
    alive = spec.hosts[dialer.name].tunnel.keepalive
    return Tunnel(
        gateway=gateway.name,
        dialer=dialer.name,
        endpoint=gateway.public[0],
        port=gateway.tunnel_port,
        mtu=min(gateway.mtu, dialer.mtu),
        # Between gateways too: the one that listens learns by it alone where the other's packets come from.
        keepalive=alive or None,
    )


def _ways(topology: Topology, dialled: Mapping[str, frozenset[str]]) -> Iterator[tuple[tuple[str, str], str]]:
    """For every two hosts the gateway whose interface joins them: one of the two, else one that both dial."""
    number = {name: host.number for name, host in topology.hosts.items()}
    straight = dict(_straight(topology, dialled, number))
    for a in topology.hosts:
        for b in topology.hosts:
            if (a, b) in straight:
                yield (a, b), straight[a, b]
            elif a != b and (joining := _between(a, b, dialled, straight)):
                yield (a, b), min(joining, key=number.__getitem__)


def _straight(
    topology: Topology, dialled: Mapping[str, frozenset[str]], number: Mapping[str, int]
) -> Iterator[tuple[tuple[str, str], str]]:
    """Two hosts of which one dials the other."""
    for gateway in topology.gateways:
        for host in topology.hosts:
            ends = [one for one, other in ((gateway.name, host), (host, gateway.name)) if one in dialled[other]]
            if ends:
                way = min(ends, key=number.__getitem__)
                yield (gateway.name, host), way
                yield (host, gateway.name), way


def _between(
    a: str, b: str, dialled: Mapping[str, frozenset[str]], straight: Mapping[tuple[str, str], str]
) -> frozenset[str]:
    """The gateways that both dial and that speak to both by their own interface: two gateways speak by that of one of
    them, and its peer there is believed with its own addresses alone."""
    return frozenset(one for one in dialled[a] & dialled[b] if straight[a, one] == straight[b, one] == one)
