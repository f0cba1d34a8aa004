"""Watches."""

from __future__ import annotations

from tests.grounds import Pretended, addresses
from warren.probe.watch import Watch, Watched

SINKS = {"db": addresses("192.0.2.128", "2001:db8:dead::1"), "gone": addresses("192.0.2.129")}


def test_a_watch_starts_captures_and_a_sender() -> None:
    ground = Pretended({"router:home": "/r", "db": "/d"}, lambda _: None)
    watched = Watch(ground, SINKS).stop()
    assert isinstance(watched, Watched) and (watched.tried, watched.sent) == (20, 10)
    assert ground.started[0] == ("capture.py", {"netns": "/r"})
    (sender,) = ground.started[1][1]["senders"]
    assert sender == {"name": "db", "netns": "/d", "sinks": {"ipv4": ["192.0.2.128"], "ipv6": ["2001:db8:dead::1"]}}


def test_a_capture_that_died_leaves_an_empty_one() -> None:
    watched = Watch(Pretended({"router:home": "/r"}, lambda _: None), {}).stop()
    assert [(c.uplink, c.pcap) for c in watched.captures] == [("home", b"")]
