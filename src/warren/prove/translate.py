"""What a rule of translation makes of a packet.

In: a ruling of a nat chain. Out: the packet with other ends, or None where there is no address to take. Never
remembers it.
"""

from __future__ import annotations

from dataclasses import replace

from warren.formats.nft import model as nft
from warren.prove.header import TCP, UDP, Packet
from warren.prove.judge import Ruling
from warren.prove.look import View
from warren.prove.network import Node

LOOPBACK = {4: 0x7F000001, 6: 1}


def translated(node: Node, hook: str, view: View, ruling: Ruling) -> Packet | None:
    """The packet after the rule's translation."""
    packet = view.packet
    match ruling.translation:
        case nft.Dnat(to=to):
            address, port = lead(ruling, to)
            target = packet.target if address is None else address
            return replace(packet, target=target, dport=chosen(packet.dport, port))
        case nft.Snat(to=to):
            address, port = lead(ruling, to)
            source = packet.source if address is None else address
            return replace(packet, source=source, sport=chosen(packet.sport, port))
        case nft.Masquerade(ports=ports):
            own = own_address(node, view.oif, packet.version)
            ported = ports if packet.protocol in (TCP, UDP) else None
            return None if own is None else replace(packet, source=own, sport=chosen(packet.sport, ported))
        case nft.Redirect(ports=ports):
            own = LOOPBACK[packet.version] if hook == "output" else own_address(node, view.iif, packet.version)
            return None if own is None else replace(packet, target=own, dport=chosen(packet.dport, ports))
    return packet


def own_address(node: Node, device: str, version: int) -> int | None:
    """The node's address on a device."""
    found = node.devices.get(device)
    return found.address(version) if found else None


def lead(ruling: Ruling, to: nft.MapLookup | nft.Endpoint) -> tuple[int | None, int | nft.Span | None]:
    """Address and port that a translation leads to."""
    if isinstance(to, nft.Endpoint):
        return (to.address.first if to.address else None), to.port
    return ends(ruling.leads or ())


def ends(data: nft.Key) -> tuple[int | None, int | nft.Span | None]:
    """Address and port of a map's data."""
    address = next((each.first for each in data if isinstance(each, nft.Prefix)), None)
    port = next((each for each in data if isinstance(each, int)), None)
    return address, port


def chosen(given: int, wanted: int | nft.Span | None) -> int:
    """The port that translation takes: the packet's own where it may."""
    if wanted is None:
        return given
    if isinstance(wanted, int):
        return wanted
    return given if wanted.first <= given <= wanted.last else wanted.first
