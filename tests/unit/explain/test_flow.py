"""Questions as packets: which addresses, by which door, and which line allows them."""

from __future__ import annotations

import pytest

from tests.unit.explain.asking import asked


@pytest.mark.parametrize(
    ("source", "target", "packets"),
    [
        ("cloud", "db", ["tcp 10.86.1.2:40001 -> 10.86.1.3:5432", "tcp [fd13:46ad:d446:1::2]:40001"]),
        ("internet", "game", ["udp 198.51.100.7:40001 -> 203.0.113.10:12345", "udp [2001:db8:ffff::7]:40001"]),
        ("internet", "game.query", ["tcp 198.51.100.7:40001 -> 203.0.113.10:12346", "tcp"]),
        ("lan:home", "cloud.web", ["tcp 192.168.2.50:40001 -> 192.168.2.10:8080"]),
        ("lan:home", "game:12346", ["tcp", "tcp"]),
        ("cloud", "internet", ["tcp 10.86.1.2:40001 -> 192.0.2.53:443", "tcp"]),
        ("cloud", "lan:home:80", ["tcp 10.86.1.2:40001 -> 192.168.2.50:80"]),
        ("cloud", "203.0.113.10:12346", ["tcp 10.86.1.2:40001 -> 203.0.113.10:12346"]),
        ("internet", "203.0.113.10:12346", ["tcp 198.51.100.7:40001 -> 203.0.113.10:12346"]),
        ("192.0.2.9", "game.query", ["tcp 192.0.2.9:40001 -> 203.0.113.10:12346"]),
        ("internet", "vps", ["tcp 198.51.100.7:40001 -> 203.0.113.10:22", "tcp"]),
        ("vps", "internet:53/udp", ["udp 203.0.113.10:40001 -> 192.0.2.53:53", "udp"]),
        ("home", "internet", ["tcp 192.168.2.10:40001 -> 192.0.2.53:443"]),
        ("internet", "db", ["tcp 198.51.100.7:40001 -> 203.0.113.10:5432", "tcp"]),
    ],
)
def test_packets(source: str, target: str, packets: list[str]) -> None:
    found = [str(flow.packet) for flow in asked(source, target)]
    assert len(found) == len(packets), found
    assert all(text.startswith(wanted) for text, wanted in zip(found, packets, strict=True)), found


def test_the_line_that_allows_it_goes_along() -> None:
    need = asked("cloud", "db")[0].need
    assert need is not None and need.need == "db.sql"
    door = asked("lan:home", "cloud.web")[0]
    assert door.exposure is not None and door.exposure.at == "home"
    assert (door.port, door.inner_port, door.family, door.by) == (8080, 80, 4, "lan:home")
    assert asked("game", "db")[0].need is None
