"""Frames and captures made by hand.

In: addresses, a protocol, ports. Out: the bytes that an uplink would show. Never read from a real one.
"""

from __future__ import annotations

import struct
from ipaddress import ip_address

from warren.probe.capture import head, record


def frame(source: str, target: str, protocol: int, source_port: int, target_port: int) -> bytes:
    """One Ethernet frame."""
    ends = ip_address(source).packed + ip_address(target).packed
    ports = struct.pack("!HH", source_port, target_port) + b"\0" * 16
    if ":" in source:
        return b"\0" * 12 + b"\x86\xdd" + struct.pack("!IHBB", 6 << 28, len(ports), protocol, 64) + ends + ports
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(ports), 0, 0, 64, protocol, 0) + ends
    return b"\0" * 12 + b"\x08\x00" + ip + ports


def pcap(*frames: bytes) -> bytes:
    """A capture of these frames, each at 1.5 s."""
    return head() + b"".join(record(each, len(each), 1_500_000_000) for each in frames)
