"""The scanner's arithmetic; packets are sent in tests/netns."""

from __future__ import annotations

import socket
import struct

import pytest

from warren.probe.scanner import Pace, Syn, filter_code, folded, spread, words


@pytest.mark.parametrize(("source", "target"), [("192.0.2.1", "203.0.113.10"), ("2001:db8::1", "2001:db8::2")])
def test_the_checksum_of_every_segment_is_right(source: str, target: str) -> None:
    family = socket.AF_INET6 if ":" in target else socket.AF_INET
    syn = Syn(source, target, 20000, 12345)
    for port in (1, 80, 443, 65535):
        segment = syn.to(port)
        pseudo = socket.inet_pton(family, source) + socket.inet_pton(family, target)
        pseudo += struct.pack("!HH", socket.IPPROTO_TCP, len(segment))
        assert folded(words(pseudo + segment)) == 0xFFFF
        assert struct.unpack("!HH", segment[:4]) == (20000, port)
        assert segment[13] == 0x02


def test_jumps_of_the_filter_stay_inside() -> None:
    for is_v6 in (False, True):
        code = filter_code(is_v6, 20000)
        for line, (_, yes, no, _) in enumerate(code):
            assert line + 1 + max(yes, no) <= len(code)
        assert code[-1] == (0x06, 0, 0, 0)


def test_ports_are_asked_in_no_order_but_all_of_them() -> None:
    mixed = spread(range(1000))
    assert mixed != list(range(1000)) and sorted(mixed) == list(range(1000))


def test_a_pace_waits_when_it_is_ahead() -> None:
    pace = Pace(1000, (), "/here")
    assert 0.0 < pace.wait() <= 0.064
