"""Golden traces: where each packet went, and in the file's words why."""

from __future__ import annotations

import pytest

from tests.networks import interpreter, outside_of, states_of
from tests.topologies import two_hosts
from warren.prove.header import packet
from warren.prove.interpret import trace
from warren.prove.trace import Disposition, Trace, Way

CLOUD, DB, GAME, BLOG = "10.86.1.2", "10.86.1.3", "10.86.1.4", "10.86.0.2"


def told(way: Way | None) -> list[str]:
    """Nodes in order, and the words of the file where a rule decided."""
    assert way is not None
    words: list[str] = []
    for hop in way.hops:
        if not words or words[-1].split(":")[0] != hop.node:
            words.append(hop.node)
        if hop.comment:
            words.append(f"{hop.node}: {hop.comment}")
    return [*words, way.disposition.name]


def asked(source: str, one: str, other: str, protocol: str, port: int, device: str | None = None) -> Trace:
    return interpreter().trace(source, packet(one, other, protocol, port), device)


def test_a_need_on_one_host() -> None:
    found = asked("cloud", CLOUD, DB, "tcp", 5432)
    assert found.works
    assert told(found.forward) == ["cloud", "home", "home: cloud -> db", "db", "ACCEPTED"]
    assert told(found.answer) == ["db", "home", "home: cloud -> db", "cloud", "ACCEPTED"]


def test_a_need_over_the_tunnel() -> None:
    found = asked("blog", BLOG, CLOUD, "tcp", 80)
    assert found.works
    way = ["blog", "vps", "vps: blog -> cloud", "home", "home: blog -> cloud", "cloud", "ACCEPTED"]
    assert told(found.forward) == told(found.later) == way


def test_the_internet_keeps_its_address_on_the_way_in_and_the_answer_its_way() -> None:
    found = asked("vps", "198.51.100.7", "203.0.113.10", "udp", 12345, "eth0")
    assert found.works and found.forward.final.source == found.forward.packet.source
    assert told(found.forward) == [
        "vps", "vps: to game", "vps: internet -> game", "home", "home: vps -> game", "game", "ACCEPTED",
    ]  # fmt: skip
    assert told(found.answer) == [
        "game", "home", "home: vps -> game", "vps", "vps: internet -> game", "EXITS_NETWORK",
    ]  # fmt: skip


def test_egress_takes_the_gateway_and_its_address() -> None:
    found = asked("cloud", CLOUD, "198.51.100.9", "tcp", 443)
    assert found.works and (found.forward.node, found.forward.device) == ("vps", "eth0")
    assert str(found.forward.final).startswith("tcp 203.0.113.10:")


@pytest.mark.parametrize(
    ("source", "one", "other", "protocol", "port", "device", "end"),
    [
        ("game", GAME, DB, "tcp", 5432, None, Disposition.DENIED),
        ("db", DB, "198.51.100.9", "tcp", 443, None, Disposition.UNREACHABLE),
        ("vps", "198.51.100.7", "203.0.113.10", "tcp", 5432, "eth0", Disposition.DENIED),
        ("vps", "198.51.100.7", DB, "tcp", 5432, "eth0", Disposition.DENIED),
        ("vps", "10.86.0.1", DB, "tcp", 5432, None, Disposition.DENIED),
        ("home", "192.168.2.50", DB, "tcp", 5432, "eth0", Disposition.DENIED),
        ("cloud", CLOUD, "10.86.1.1", "tcp", 3306, None, Disposition.ACCEPTED),
        ("game", GAME, "10.86.1.1", "tcp", 3306, None, Disposition.DENIED),
        ("home", "10.86.1.1", DB, "tcp", 5432, None, Disposition.ACCEPTED),
        ("vps", "198.51.100.7", "203.0.113.10", "tcp", 22, "eth0", Disposition.ACCEPTED),
    ],
)
def test_ends(
    source: str, one: str, other: str, protocol: str, port: int, device: str | None, end: Disposition
) -> None:
    assert asked(source, one, other, protocol, port, device).disposition is end


def test_an_echo_to_the_own_host_is_answered() -> None:
    assert asked("db", DB, "10.86.1.1", "icmp", 0).works


def test_the_entry_point_takes_states() -> None:
    topology = two_hosts()
    assert trace(states_of(topology), outside_of(topology), "cloud", packet(CLOUD, DB, "tcp", 5432)).works
