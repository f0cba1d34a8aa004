"""registrar: names as this machine is told."""

from __future__ import annotations

import socket
from ipaddress import ip_address

import pytest

from warren.probe.registrar import addresses


def test_all_names_and_none_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    def told(name: str, port: object, type: int) -> list[tuple[object, ...]]:
        if name == "nobody.example":
            raise socket.gaierror(-2, "unknown")
        return [(2, 1, 6, "", (text, 0)) for text in ("2001:db8::1", "192.0.2.1", "192.0.2.1")]

    monkeypatch.setattr(socket, "getaddrinfo", told)
    both = (ip_address("192.0.2.1"), ip_address("2001:db8::1"))
    assert addresses(["a.example", "*.b.example", "nobody.example", "a.example"]) == {
        "a.example": both, "*.b.example": both, "nobody.example": (),
    }  # fmt: skip
