"""Scans."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path

import pytest

from tests.grounds import Pretended
from warren.probe.ground import Fault
from warren.probe.scan import scan

AT = ip_address("203.0.113.10")


def test_a_port_that_was_proved_under_a_limit_is_open_and_not_asked() -> None:
    ground = Pretended({"internet": "/i", "vps": "/v"}, lambda _: None)
    found = scan(ground, "internet", AT, [22, 80], [53], [22], ["vps", "gone"])
    assert (found.tcp, found.udp) == ((22, 80), (53,))
    (plan,) = ground.plans
    assert (plan["skip_tcp"], plan["again_tcp"], plan["watch"]) == ([22], [80], ["/v"])
    assert plan["tcp"] == [0, 65536]


def test_a_scanner_that_fails_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    ground = Pretended({"internet": "/i"}, lambda _: None)

    def broken(program: Path, stdin: bytes, timeout: float) -> bytes:
        return b"{}"

    monkeypatch.setattr(ground, "run_program", broken)
    with pytest.raises(Fault):
        scan(ground, "internet", AT, [], [])
