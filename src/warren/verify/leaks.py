"""What left a home although it must not.

In: a topology, and captures of the uplinks while services sent. Out: counts and the first examples. Never counts
WireGuard itself, which is what should be seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address

from warren.probe.watch import Watched
from warren.topology.model import Address, EgressKind, Topology
from warren.verify.packets import Packet, packets

EXAMPLES = 10
SINKS = 3
# documentation addresses: nobody is there, in the lab or anywhere else
NETS4 = ("192.0.2", "198.51.100", "203.0.113")
FIRST4, COUNT4 = 128, 120
NET6 = int(IPv6Address("2001:db8:dead::"))


@dataclass(frozen=True, slots=True)
class Leak:
    """One packet on an uplink that should not be there; `service` where its sink tells."""

    time: str
    uplink: str
    service: str | None
    source: str
    target: str
    protocol: str


@dataclass(frozen=True, slots=True)
class Leaks:
    """A watch, judged: packets on the uplinks, those of WireGuard, leaks; packets that the services tried and sent.

    `lost` packets were not looked at because they came too fast.
    """

    packets: int
    wireguard: int
    leaked: int
    tried: int
    sent: int
    lost: int
    examples: tuple[Leak, ...]


def sinks(topology: Topology) -> dict[str, tuple[Address, ...]]:
    """For each service that must never be heard on a home's uplink: addresses of its own to send to."""
    silent = (EgressKind.GATEWAY, EgressKind.NONE)
    names = [s.name for s in topology.services.values() if s.egress.kind in silent]
    taken = {a for host in topology.hosts.values() for a in host.public}
    return {name: tuple(a for a in _sinks(number) if a not in taken) for number, name in enumerate(names)}


def leaks(topology: Topology, watched: Watched) -> Leaks:
    """Judge everything that was captured."""
    owners = {a: name for name, where in sinks(topology).items() for a in where}
    ends = {(a, h.tunnel_port) for h in topology.gateways for a in h.public}
    found: list[Leak] = []
    total = inside = leaked = 0
    for uplink, packet in _all(watched):
        total += 1
        if _is_tunnel(packet, ends):
            inside += 1
        elif _is_leak(topology, packet, owners):
            leaked += 1
            if len(found) < EXAMPLES:
                found.append(_leak(uplink, packet, owners))
    lost = sum(c.lost for c in watched.captures)
    return Leaks(total, inside, leaked, watched.tried, watched.sent, lost, tuple(found))


def _all(watched: Watched) -> Iterator[tuple[str, Packet]]:
    for captured in watched.captures:
        yield from ((captured.uplink, packet) for packet in packets(captured.pcap))


def _is_tunnel(packet: Packet, ends: Iterable[tuple[Address, int]]) -> bool:
    if packet.protocol != "udp":
        return False
    return (packet.target, packet.target_port) in ends or (packet.source, packet.source_port) in ends


def _is_leak(topology: Topology, packet: Packet, owners: Mapping[Address, str]) -> bool:
    """It goes to a sink, comes from one, or carries an address of the network as its source."""
    if packet.target in owners or packet.source in owners:
        return True
    if isinstance(packet.source, IPv4Address):
        return packet.source in topology.prefix4
    return packet.source in topology.prefix6


def _leak(uplink: str, packet: Packet, owners: Mapping[Address, str]) -> Leak:
    service = owners.get(packet.target) or owners.get(packet.source)
    when = datetime.fromtimestamp(packet.time, UTC).isoformat(timespec="milliseconds")
    return Leak(when, uplink, service, str(packet.source), str(packet.target), packet.protocol)


def _sinks(number: int) -> Iterator[Address]:
    for net in NETS4:
        yield IPv4Address(f"{net}.{FIRST4 + number % COUNT4}")
    for sink in range(1, SINKS + 1):
        yield IPv6Address(NET6 + (number << 16) + sink)
