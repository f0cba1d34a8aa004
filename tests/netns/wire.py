"""Packets byte by byte, as an attacker makes them.

In: addresses, ports, flags, options. Out: frames and packets with correct checksums. Never sends one.
"""

from __future__ import annotations

import struct
from ipaddress import IPv6Address, ip_address

TCP, UDP, ICMP, ICMP6 = 6, 17, 1, 58
IP4, ARP, IP6, VLAN = 0x0800, 0x0806, 0x86DD, 0x8100
FIN, SYN, RST, PSH, ACK, URG = 1, 2, 4, 8, 16, 32
BROADCAST = "ff:ff:ff:ff:ff:ff"


def checksum(content: bytes) -> int:
    """The Internet checksum (RFC 1071)."""
    content += b"\0" * (len(content) % 2)
    total: int = sum(struct.unpack(f"!{len(content) // 2}H", content))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def mac(text: str) -> bytes:
    """A link address."""
    return bytes.fromhex(text.replace(":", ""))


def ether(target: str, source: str, payload: bytes, kind: int | None = None, vlan: int | None = None) -> bytes:
    """An Ethernet frame; its type is that of the packet unless given."""
    kind = kind or (IP6 if payload[0] >> 4 == 6 else IP4)
    tag = struct.pack("!HH", VLAN, vlan) if vlan is not None else b""
    return mac(target) + mac(source) + tag + struct.pack("!H", kind) + payload


def arp(source_mac: str, source: str, target_mac: str, target: str, reply: bool = False) -> bytes:
    """An ARP packet."""
    head = struct.pack("!HHBBH", 1, IP4, 6, 4, 2 if reply else 1)
    return head + mac(source_mac) + ip_address(source).packed + mac(target_mac) + ip_address(target).packed


def ip(source: str, target: str, protocol: int, payload: bytes, ttl: int = 64, options: bytes = b"") -> bytes:
    """An IP packet of the family of its addresses; `options` are IPv4's, padded to words."""
    ends = ip_address(source).packed + ip_address(target).packed
    if len(ends) == 32:
        return struct.pack("!IHBB", 6 << 28, len(payload), protocol, ttl) + ends + payload
    options += b"\0" * (-len(options) % 4)
    words, length = 5 + len(options) // 4, 20 + len(options) + len(payload)
    head = struct.pack("!BBHHHBBH", 0x40 | words, 0, length, 7, 0, ttl, protocol, 0) + ends + options
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + payload


def fragments(packet: bytes, first: int) -> tuple[bytes, bytes]:
    """An IPv4 packet as two fragments, the first with so many bytes (a multiple of eight)."""
    head, payload = packet[:20], packet[20:]
    parts = ((payload[:first], 0x2000), (payload[first:], first // 8))
    made = []
    for content, offset in parts:
        fresh = head[:2] + struct.pack("!HHH", 20 + len(content), 7, offset) + head[8:10] + b"\0\0" + head[12:]
        made.append(fresh[:10] + struct.pack("!H", checksum(fresh)) + fresh[12:] + content)
    return made[0], made[1]


def _checked(source: str, target: str, protocol: int, segment: bytes, at: int) -> bytes:
    """The segment with its checksum, which covers the addresses too."""
    ends = ip_address(source).packed + ip_address(target).packed
    head = ends + (struct.pack("!IHBB", len(segment), 0, 0, protocol) if len(ends) == 32 else b"")
    head += struct.pack("!BBH", 0, protocol, len(segment)) if len(ends) == 8 else b""
    return segment[:at] + struct.pack("!H", checksum(head + segment)) + segment[at + 2 :]


def udp(source: str, sport: int, target: str, dport: int, text: bytes = b"?", **more: int | bytes) -> bytes:
    """A datagram in a packet; `more` goes to `ip`."""
    segment = struct.pack("!HHHH", sport, dport, 8 + len(text), 0) + text
    return ip(source, target, UDP, _checked(source, target, UDP, segment, 6), **more)  # type: ignore[arg-type]


def tcp(
    source: str, sport: int, target: str, dport: int, flags: int = SYN, text: bytes = b"", **more: int | bytes
) -> bytes:
    """A segment in a packet; `more` goes to `ip`."""
    segment = struct.pack("!HHIIBBHHH", sport, dport, 1000, 0, 0x50, flags, 64240, 0, 0) + text
    return ip(source, target, TCP, _checked(source, target, TCP, segment, 16), **more)  # type: ignore[arg-type]


def icmp(source: str, target: str, kind: int, code: int, rest: bytes = b"\0" * 4, **more: int | bytes) -> bytes:
    """An ICMP or ICMPv6 message in a packet; `rest` follows its checksum."""
    segment = struct.pack("!BBH", kind, code, 0) + rest
    if ":" in source:
        return ip(source, target, ICMP6, _checked(source, target, ICMP6, segment, 2), **more)  # type: ignore[arg-type]
    segment = segment[:2] + struct.pack("!H", checksum(segment)) + segment[4:]
    return ip(source, target, ICMP, segment, **more)  # type: ignore[arg-type]


def neighbour(kind: int, source: str, target: str, about: str, link: str, flags: int = 0, option: int = 2) -> bytes:
    """A neighbour solicitation (135), advertisement (136) or redirect-like message with one link-address option."""
    rest = struct.pack("!I", flags << 24) + IPv6Address(about).packed + bytes((option, 1)) + mac(link)
    return icmp(source, target, kind, 0, rest, ttl=255)


def router_advertisement(source: str, target: str, prefix: str, link: str) -> bytes:
    """An advertisement of a default route and of a prefix to make addresses of."""
    head = struct.pack("!BBHII", 64, 0, 1800, 0, 0)
    offered = struct.pack("!BBBBIII", 3, 4, 64, 0xC0, 86400, 14400, 0) + IPv6Address(prefix).packed
    return icmp(source, target, 134, 0, head + offered + b"\x01\x01" + mac(link), ttl=255)


def is_icmp6(network: bytes) -> bool:
    """Whether a packet is ICMPv6, also behind hop-by-hop options, as reports of multicast listeners are (RFC 3810)."""
    return network[0] >> 4 == 6 and (network[6] == 58 or (network[6] == 0 and network[40] == 58))
