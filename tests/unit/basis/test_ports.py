"""Ports: what can be written, and the sentence for what cannot."""

from __future__ import annotations

import pytest

from warren.basis.ports import Ports, Protocol, parse_ports


@pytest.mark.parametrize(
    ("written", "ports", "protocol"),
    [
        (80, Ports(80, 80), Protocol.TCP),
        ("80", Ports(80, 80), Protocol.TCP),
        ("12345/udp", Ports(12345, 12345), Protocol.UDP),
        ("27015-27030/udp", Ports(27015, 27030), Protocol.UDP),
        ("1-65535/tcp", Ports(1, 65535), Protocol.TCP),
    ],
)
def test_parse(written: str | int, ports: Ports, protocol: Protocol) -> None:
    assert parse_ports(written) == (ports, protocol)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("web", "'web' is not a port; write 80, 12345/udp or 27015-27030/udp"),
        ("", "'' is not a port; write 80, 12345/udp or 27015-27030/udp"),
        (True, "'True' is not a port; write 80, 12345/udp or 27015-27030/udp"),
        ("80:80", "'80:80' is not a port; write 80, 12345/udp or 27015-27030/udp"),
        ("80\n", "'80\\n' is not a port; write 80, 12345/udp or 27015-27030/udp"),
        ("٨٠", "'٨٠' is not a port; write 80, 12345/udp or 27015-27030/udp"),
        (0, "0 is not a port: ports go from 1 to 65535"),
        ("65536", "65536 is not a port: ports go from 1 to 65535"),
        ("90-80", "the port range 90-80 ends before it starts; write 80-90"),
        ("80/sctp", "'sctp' is not a protocol; write tcp or udp"),
    ],
)
def test_refusal(written: str | int, sentence: str) -> None:
    with pytest.raises(ValueError) as refused:
        parse_ports(written)
    assert str(refused.value) == sentence


def test_a_range_is_a_container() -> None:
    ports = Ports(80, 82)
    assert (len(ports), list(ports), 82 in ports, 83 in ports, "80" in ports) == (3, [80, 81, 82], True, False, False)


def test_overlap_includes_both_ends() -> None:
    assert Ports(80, 90).overlaps(Ports(90, 100))
    assert not Ports(80, 89).overlaps(Ports(90, 100))


def test_printed_as_written() -> None:
    assert f"{Ports(80, 80)} {Ports(80, 90)} {Protocol.UDP}" == "80 80-90 udp"
