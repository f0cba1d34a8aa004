"""The probing programs, with real packets between real namespaces."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import pytest

from tests.grounds import addresses
from tests.netns.stretched import Wire, wire
from warren.probe.ask import Outcome, Probe, ask
from warren.probe.scan import scan
from warren.probe.watch import Watch
from warren.verify.packets import packets

pytestmark = pytest.mark.netns

FOUR, SIX = ip_address("10.9.0.2"), ip_address("fd09::2")


@pytest.fixture(scope="module")
def ground() -> Iterator[Wire]:
    with wire() as stretched:
        yield stretched


def one(ground: Wire, port: int, protocol: str, timeout: float = 0.5, place: str = "one") -> Outcome:
    (outcome,) = ask(ground, [Probe(place, FOUR, port, protocol, timeout)])
    return outcome


@pytest.mark.parametrize("protocol", ["tcp", "udp"])
def test_an_open_port_says_who_it_is_and_what_it_saw(ground: Wire, protocol: str) -> None:
    outcome = one(ground, 1000, protocol)
    assert (outcome.by, outcome.port, outcome.peer, outcome.error) == ("two", 1000, "10.9.0.1", None)


@pytest.mark.parametrize("protocol", ["tcp", "udp"])
def test_a_dropped_port_is_a_timeout(ground: Wire, protocol: str) -> None:
    outcome = one(ground, 1010, protocol)
    assert not outcome.arrived and outcome.error == "timeout" and 490 < outcome.ms < 900


def test_a_port_where_nobody_listens_is_refused(ground: Wire) -> None:
    (tcp, udp) = ask(ground, [Probe("one", ip_address("10.9.0.1"), 5, p, 0.5) for p in ("tcp", "udp")])
    assert (tcp.error, udp.error) == ("refused", "refused")


def test_a_connection_that_is_closed_without_an_answer_has_arrived(ground: Wire) -> None:
    outcome = one(ground, 1019, "tcp")
    assert outcome.arrived and outcome.by is None and outcome.error in ("no answer", "reset")


def test_a_place_without_a_namespace_is_absent(ground: Wire) -> None:
    assert one(ground, 1000, "tcp", place="late").error == "absent"


def test_thousands_of_flows_at_once(ground: Wire) -> None:
    probes = [
        Probe("one", address, port, protocol, 0.5)
        for address in (FOUR, SIX)
        for protocol in ("tcp", "udp")
        for port in [p for p in range(1000, 1019) for _ in range(66)]
    ]
    # The kernel keeps a hundred packets while it looks for a neighbour, and the first burst is larger.
    first = [Probe("one", address, 1000, "tcp", 0.5) for address in (FOUR, SIX)]
    assert any(all(each.arrived for each in ask(ground, first)) for _ in range(10))
    begun = time.monotonic()
    outcomes = ask(ground, probes)
    spent = time.monotonic() - begun
    wrong = [(p, o) for p, o in zip(probes, outcomes, strict=True) if o.arrived != (p.port < 1010)]
    assert len(probes) > 5000
    # a busy machine may lose a few packets of a first pass, never invent an answer
    assert not [p for p, o in wrong if o.arrived]
    assert len(wrong) < len(probes) // 20
    assert spent < 30.0, f"{spent:.1f} s: the flows went one after the other"


@pytest.mark.parametrize("address", [FOUR, SIX])
def test_a_full_scan_finds_exactly_the_open_ports(ground: Wire, address: object) -> None:
    at = ip_address(str(address))
    expected = (*range(1000, 1010), 1019)
    found = scan(ground, "one", at, expected, expected, [], ["two"])
    assert found.tcp == expected
    assert found.udp == expected
    assert found.seconds < 10.0


def test_proved_ports_are_not_asked_again(ground: Wire) -> None:
    ground.shell("ip netns exec two nft insert rule inet guard input tcp dport 1009 counter comment '\"seen\"'")
    found = scan(ground, "one", FOUR, range(1000, 1010), [], [1009])
    assert 1009 in found.tcp
    listed = ground.shell("ip netns exec two nft list chain inet guard input")
    assert "packets 0" in next(line for line in listed.splitlines() if "seen" in line)


def test_a_watch_hears_the_first_packet_of_a_namespace_that_appears_later(ground: Wire, tmp_path: Path) -> None:
    sinks = {"late": addresses("192.0.2.128", "2001:db8:dead::1"), "one": addresses("192.0.2.129", "2001:db8:dead::2")}
    watch = Watch(ground, sinks)
    time.sleep(0.3)
    ground.shell(
        "ip netns add late; ip link add name z0 netns late type veth peer name w0 netns two;"
        "ip -n late link set lo up; ip -n two link set w0 up; ip -n late addr add 10.10.0.1/24 dev z0;"
        "ip -n late link set z0 up; ip -n two addr add 10.10.0.2/24 dev w0;"
        "ip -n late route add default via 10.10.0.2"
    )
    time.sleep(0.7)
    ground.shell("ip netns del late")
    watched = watch.stop()
    (captured,) = watched.captures
    heard = list(packets(captured.pcap))
    assert {str(p.target) for p in heard if str(p.source) == "10.10.0.1"} == {"192.0.2.128"}
    from_one = {p.protocol for p in heard if str(p.target) == "192.0.2.129"}
    assert from_one == {"tcp", "udp", "icmp"}
    assert any(p.target_port == 53 for p in heard)
    assert any(str(p.target) == "2001:db8:dead::2" for p in heard)
    assert watched.tried > watched.sent > 50 and captured.lost == 0
    assert_readable(captured.pcap, tmp_path / "home.pcap")


def assert_readable(pcap: bytes, path: Path) -> None:
    """What we write is what others read."""
    path.write_bytes(pcap)
    if tcpdump := shutil.which("tcpdump"):
        done = subprocess.run([tcpdump, "-nr", str(path), "-c", "5"], capture_output=True, text=True, check=True)
        assert len(done.stdout.splitlines()) == 5
