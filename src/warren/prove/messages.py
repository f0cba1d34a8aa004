"""Messages without which a host is deaf: ping, and in IPv6 its neighbours.

In: a proof. Out: messages that do not arrive at a host where they should. Never asks whether they are answered.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.prove.diagrams import Diagram
from warren.prove.header import ICMP, ICMP6, Packet, opening
from warren.prove.itself import inner
from warren.prove.matrix import Origin, Proof
from warren.prove.network import Device, Node
from warren.prove.packets import values
from warren.prove.policy import prefix_of

# Type and code, which packets hold where others have a port.
ECHO = {4: (ICMP, 8 << 8), 6: (ICMP6, 128 << 8)}
SOLICITS, ADVERTISES = 135 << 8, 136 << 8
# Somebody in the Internet whom no rule speaks of.
STRANGERS = {4: 0x08080404, 6: 0x2620 << 112 | 0x42}


def unheard(proof: Proof) -> Iterator[tuple[Origin, Packet]]:
    """Those that are lost, with where they begin. One service stands for all of its host: their link is the same."""
    asked, ends = set[str](), _ends(proof)
    for number, origin in enumerate(proof.origins):
        node = proof.network.nodes.get(origin.node)
        if node is None or (node.is_host and not origin.device) or (not node.is_host and node.host in asked):
            continue
        if not node.is_host:
            asked.add(node.host)
        for packet in _from_outside(node, origin.device) if origin.device else _from_inside(proof, node):
            if packet.version not in proof.walks:
                continue
            space, held = proof.walks[packet.version].space, ends.get((packet.version, node.host), [])
            if not any(space.holds(headers, values(packet, number)) for headers in held):
                yield origin, packet


def _from_outside(node: Node, name: str) -> Iterator[Packet]:
    device = node.devices[name]
    for version, own in device.addresses:
        yield from _messages(version, _somebody(device, version), own)


def _somebody(device: Device, version: int) -> int:
    """Who may come by a link: of a LAN one of its neighbours."""
    near = [prefix_of(text) for text in (device.uplink.prefixes if device.uplink else ())]
    return next((each.last - 1 for each in near if each.version == version), STRANGERS[version])


def _from_inside(proof: Proof, service: Node) -> Iterator[Packet]:
    host = proof.network.nodes[service.host]
    for version, own in sorted(place for device in service.devices.values() for place in device.addresses):
        for target in sorted(set(inner(host, version))):
            yield from _messages(version, own, target)


def _messages(version: int, source: int, target: int) -> Iterator[Packet]:
    yield opening(version, source, target, *ECHO[version], 0)
    if version == 6:
        yield from (opening(6, source, target, ICMP6, kind, 0) for kind in (SOLICITS, ADVERTISES))


def _ends(proof: Proof) -> dict[tuple[int, str], list[Diagram]]:
    """What ends at each host, as it began."""
    found: dict[tuple[int, str], list[Diagram]] = {}
    for each in proof.proved:
        if each.exit is None and not each.arrival.at_service:
            headers = proof.walks[each.version].sent(each.start, each.arrival, each.arrival.headers)
            found.setdefault((each.version, each.arrival.node.name), []).append(headers)
    return found
