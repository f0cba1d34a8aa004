"""Ports that strangers try first."""

from __future__ import annotations

from warren.verify.known import KNOWN_TCP, KNOWN_UDP


def test_they_are_ports_and_not_many() -> None:
    for known in (KNOWN_TCP, KNOWN_UDP):
        assert min(known) > 0 and max(known) < 65536 and 40 < len(known) < 200
    assert {22, 2375, 5432, 6379} <= KNOWN_TCP and {53, 123, 51820} <= KNOWN_UDP
