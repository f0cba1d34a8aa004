"""Packets of a capture, as far as a leak needs them.

In: the bytes of a pcap file. Out: time, addresses, protocol and ports of each packet. Never reads a payload.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

from warren.topology.model import Address

ETHERNET = 14
NAMES = {1: "icmp", 6: "tcp", 17: "udp", 58: "icmp"}
IPV4, IPV6 = 0x0800, 0x86DD
FILE_HEAD, RECORD_HEAD = 24, 16


@dataclass(frozen=True, slots=True)
class Packet:
    """One IP packet; ports are 0 where there are none. `time` in seconds since 1970."""

    time: float
    source: Address
    target: Address
    protocol: str
    source_port: int
    target_port: int


def packets(pcap: bytes) -> Iterator[Packet]:
    """Every IP packet of a capture; one cut off at the end is left out."""
    start = FILE_HEAD
    while start + RECORD_HEAD <= len(pcap):
        seconds, nanoseconds, kept, _ = struct.unpack_from("<IIII", pcap, start)
        frame = pcap[start + RECORD_HEAD : start + RECORD_HEAD + kept]
        start += RECORD_HEAD + kept
        if start > len(pcap):
            return
        packet = _packet(frame, seconds + nanoseconds / 1e9)
        if packet is not None:
            yield packet


def _packet(frame: bytes, time: float) -> Packet | None:
    if len(frame) < ETHERNET + 20:
        return None
    kind = int.from_bytes(frame[12:14], "big")
    body = frame[ETHERNET:]
    if kind == IPV4:
        size = (body[0] & 15) * 4
        ends = IPv4Address(body[12:16]), IPv4Address(body[16:20])
        return _ports(time, *ends, body[9], body[size:])
    if kind == IPV6 and len(body) >= 40:
        return _ports(time, IPv6Address(body[8:24]), IPv6Address(body[24:40]), body[6], body[40:])
    return None


def _ports(time: float, source: Address, target: Address, protocol: int, rest: bytes) -> Packet:
    name = NAMES.get(protocol, str(protocol))
    one, other = struct.unpack_from("!HH", rest) if name in ("tcp", "udp") and len(rest) >= 4 else (0, 0)
    return Packet(time, source, target, name, one, other)
