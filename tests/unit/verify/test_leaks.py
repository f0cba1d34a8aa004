"""What is a leak."""

from __future__ import annotations

from tests.frames import frame, pcap
from tests.topologies import two_hosts
from warren.probe.watch import Captured, Watched
from warren.verify.leaks import Leaks, leaks, sinks

TWO = two_hosts()
SINKS = sinks(TWO)


def judged(*frames: bytes) -> Leaks:
    return leaks(TWO, Watched((Captured("home", pcap(*frames), 0),), 20, 10))


def test_each_silent_service_has_its_own_sinks_in_both_families() -> None:
    assert list(SINKS) == ["cloud", "db", "game"]  # blog leaves directly
    every = [a for where in SINKS.values() for a in where]
    assert len(every) == len(set(every)) == 18
    assert sum(a.version == 6 for a in SINKS["db"]) == 3


def test_wireguard_is_what_should_be_seen() -> None:
    tunnel = frame("192.168.2.10", "203.0.113.10", 17, 40000, 51820)
    back = frame("203.0.113.10", "192.168.2.10", 17, 51820, 40000)
    found = judged(tunnel, back)
    assert (found.packets, found.wireguard, found.leaked, found.sent) == (2, 2, 0, 10)


def test_a_packet_to_a_sink_is_a_leak_whoever_seems_to_send_it() -> None:
    found = judged(frame("192.168.2.10", str(SINKS["db"][0]), 6, 1, 443))
    assert found.leaked == 1
    example = found.examples[0]
    assert (example.service, example.uplink, example.protocol) == ("db", "home", "tcp")
    assert example.time == "1970-01-01T00:00:01.500+00:00"


def test_an_inner_source_is_a_leak_wherever_it_goes() -> None:
    assert judged(frame("10.86.1.2", "8.8.8.8", 17, 1, 53)).leaked == 1
    assert judged(frame("fd86:86:86:1::2", "2001:db8::1", 17, 1, 53)).leaked == 1


def test_the_hosts_own_packets_are_not_leaks() -> None:
    found = judged(frame("192.168.2.10", "8.8.8.8", 17, 1, 53), frame("203.0.113.10", "192.168.2.10", 6, 443, 1))
    assert (found.leaked, found.wireguard, found.packets) == (0, 0, 2)


def test_ten_examples_are_enough() -> None:
    found = judged(*[frame("10.86.1.2", "8.8.8.8", 17, 1, 53)] * 30)
    assert found.leaked == 30 and len(found.examples) == 10
