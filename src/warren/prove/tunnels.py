"""Which end of a WireGuard tunnel speaks with which other end.

In: a network. Out: for each tunnel device its peers, each with the device at its other end. Never supposes that two
ends that should find each other do: endpoint, port and both keys must fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_address
from typing import TypeAlias

from warren.desired.items.tunnel import UNKNOWN_KEY, Peer
from warren.formats.nft.model import Prefix
from warren.prove.network import Device, Network, Node
from warren.prove.policy import Place, prefix_of

End: TypeAlias = tuple[str, str]
Listening: TypeAlias = Mapping[tuple[Place, int], Sequence[tuple[Node, Device]]]


@dataclass(frozen=True, slots=True)
class Beyond:
    """One peer of a tunnel device: what it may speak for. `far` (host, device) is its other end, None without one."""

    key: str
    allowed: tuple[Prefix, ...]
    far: End | None

    def holds(self, version: int, number: int) -> int:
        """The length of the longest allowed prefix that holds an address; -1 where none does."""
        return longest(self.allowed, version, number)


@dataclass(frozen=True, slots=True)
class Tunnels:
    """The peers of every tunnel device, and the dials that make them known to each other: (dialling, listening)."""

    peers: Mapping[End, tuple[Beyond, ...]]
    dials: tuple[tuple[End, End, str], ...] = field(default=())

    def choose(self, end: End, version: int, number: int) -> Beyond | None:
        """The peer that an address belongs to: WireGuard's cryptokey routing. A prefix is that of the peer set last."""
        held = [(each.holds(version, number), place, each) for place, each in enumerate(self.peers.get(end, ()))]
        length, _, best = max(held, key=lambda found: found[:2], default=(-1, 0, None))
        return best if length >= 0 else None

    def trusts(self, far: End, near: End, version: int, source: int) -> bool:
        """Whether the far end takes packets with this source from the near one."""
        peer = self.choose(far, version, source)
        return peer is not None and peer.far == near


def longest(prefixes: tuple[Prefix, ...], version: int, number: int) -> int:
    """The length of the longest of these prefixes that holds an address; -1 where none does."""
    return max((p.length for p in prefixes if p.version == version and p.first <= number <= p.last), default=-1)


def tunnels(network: Network) -> Tunnels:
    """Every tunnel device with its peers."""
    dials = tuple(_dials(network))
    ends: dict[End, dict[str, End]] = {}
    for dialling, listening, _ in dials:
        ends.setdefault(dialling, {})[listening[0]] = listening
        ends.setdefault(listening, {})[dialling[0]] = dialling
    found = {}
    for node, device in _devices(network):
        end = (node.name, device.name)
        others = ends.get(end, {})
        found[end] = tuple(_beyond(network, end, peer, others) for peer in sorted(_peers(device), key=str))
    return Tunnels(found, dials)


def _devices(network: Network) -> Iterator[tuple[Node, Device]]:
    for node in network.hosts:
        yield from ((node, device) for device in node.devices.values() if device.tunnel)


def _peers(device: Device) -> frozenset[Peer]:
    return device.tunnel.peers if device.tunnel else frozenset()


def _dials(network: Network) -> Iterator[tuple[End, End, str]]:
    held = tuple(_devices(network))
    listening = _listening(held)
    for node, device in held:
        for peer in _peers(device):
            if peer.endpoint and (far := _listener(network, listening, node, peer)):
                yield (node.name, device.name), (far[0].name, far[1].name), peer.endpoint


def _listening(held: Iterable[tuple[Node, Device]]) -> Listening:
    """The devices at each address and port, so that an endpoint is not looked for on every host."""
    found: dict[tuple[Place, int], list[tuple[Node, Device]]] = {}
    for node, device in held:
        if device.tunnel and device.tunnel.listen_port is not None:
            for place in node.local:
                found.setdefault((place, device.tunnel.listen_port), []).append((node, device))
    return found


def _listener(network: Network, listening: Listening, dialler: Node, peer: Peer) -> tuple[Node, Device] | None:
    """The device that listens at the endpoint, on the host of that key, and knows the dialler."""
    for node, device in listening.get(endpoint(peer.endpoint or ""), ()):
        if node is not dialler and _is_key(network, node, peer) and _knows(network, device, dialler):
            return node, device
    return None


def _knows(network: Network, device: Device, dialler: Node) -> bool:
    return any(not each.endpoint and _is_key(network, dialler, each) for each in _peers(device))


def _is_key(network: Network, node: Node, peer: Peer) -> bool:
    """Whether a peer is this host: by its key, or before keys are known by an address that it may speak for."""
    if peer.public_key != UNKNOWN_KEY:
        return peer.public_key == network.outside.key(node.name)
    if peer.endpoint:
        return endpoint(peer.endpoint)[0] in node.local
    allowed = tuple(prefix_of(text) for text in peer.allowed)
    own = [place for device in node.devices.values() if device.tunnel for place in device.addresses]
    return any(longest(allowed, *place) >= 0 for place in own)


def _beyond(network: Network, end: End, peer: Peer, others: Mapping[str, End]) -> Beyond:
    nodes = (network.nodes[name] for name in others if name != end[0])
    far = next((others[node.name] for node in nodes if _is_key(network, node, peer)), None)
    allowed = tuple(prefix_of(text) for text in sorted(peer.allowed))
    return Beyond(peer.public_key, allowed, far)


@lru_cache(maxsize=1 << 12)
def endpoint(text: str) -> tuple[Place, int]:
    """The address and port of an endpoint such as 203.0.113.10:51820 or [2001:db8::1]:51820."""
    address, _, port = text.rpartition(":")
    found = ip_address(address.strip("[]"))
    return (found.version, int(found)), int(port)
