from __future__ import annotations

from warren.prove.header import ACK, SYN, packet


def test_an_answer_has_both_ends_exchanged_and_the_next_packet_has_not() -> None:
    asked = packet("10.0.0.1", "10.0.0.2", "tcp", 80, 5000)
    assert str(asked) == "tcp 10.0.0.1:5000 -> 10.0.0.2:80"
    assert str(asked.answer()) == "tcp 10.0.0.2:80 -> 10.0.0.1:5000"
    assert asked.flags == SYN and asked.answer().flags > SYN and asked.later().flags == ACK
    assert asked.answer().answer().ends == asked.ends


def test_an_echo_is_answered_by_an_echo_reply() -> None:
    for one, other, asks, answers in (("10.0.0.1", "10.0.0.2", 8, 0), ("fd00::1", "fd00::2", 128, 129)):
        asked = packet(one, other, "icmp")
        assert (asked.sport >> 8, asked.answer().sport >> 8) == (asks, answers)
        assert asked.answer().dport == asked.dport


def test_ipv6_is_written_with_brackets() -> None:
    assert str(packet("fd00::1", "fd00::2", "udp", 53, 1)) == "udp [fd00::1]:1 -> [fd00::2]:53"
