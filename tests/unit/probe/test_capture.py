"""The pcap format; packets are captured in tests/netns."""

from __future__ import annotations

import struct

from warren.probe.capture import SNAP, head, record


def test_the_head_says_ethernet_and_nanoseconds() -> None:
    magic, major, minor, _, _, snap, link = struct.unpack("<IHHiIII", head())
    assert (magic, major, minor, snap, link) == (0xA1B23C4D, 2, 4, SNAP, 1)


def test_a_long_packet_is_cut_and_says_how_long_it_was() -> None:
    text = record(b"x" * 1500, 1500, 2_000_000_003)
    assert struct.unpack("<IIII", text[:16]) == (2, 3, SNAP, 1500)
    assert len(text) == 16 + SNAP
