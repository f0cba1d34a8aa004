"""Packets of a capture."""

from __future__ import annotations

from ipaddress import ip_address

from tests.frames import frame, pcap
from warren.verify.packets import packets


def test_addresses_protocol_and_ports_are_read() -> None:
    text = pcap(frame("10.0.0.1", "192.0.2.1", 17, 4000, 53), frame("fd00::1", "2001:db8::1", 6, 1, 443))
    first, second = packets(text)
    assert (first.source, first.target) == (ip_address("10.0.0.1"), ip_address("192.0.2.1"))
    assert (first.protocol, first.source_port, first.target_port) == ("udp", 4000, 53)
    assert (second.protocol, second.target_port) == ("tcp", 443)
    assert first.time == 1.5


def test_icmp_has_no_ports() -> None:
    one, two = packets(pcap(frame("10.0.0.1", "192.0.2.1", 1, 8, 9), frame("fd00::1", "2001:db8::1", 58, 1, 2)))
    assert [(p.protocol, p.target_port) for p in (one, two)] == [("icmp", 0)] * 2


def test_other_frames_and_cut_files_are_left_out() -> None:
    arp = b"\xff" * 12 + b"\x08\x06" + b"\0" * 28
    whole = pcap(arp, frame("10.0.0.1", "192.0.2.1", 17, 1, 2))
    assert len(list(packets(whole))) == 1
    assert list(packets(whole[:-5])) == []
    assert list(packets(b"")) == []
