from __future__ import annotations

from warren.prove.header import packet
from warren.prove.trace import Disposition, Hop, Trace, Way

PACKET = packet("10.0.0.1", "10.0.0.2", "tcp", 80, 5000)


def way(disposition: Disposition) -> Way:
    hop = Hop("a", "route", "local", PACKET, "ip saddr 10.0.0.1 accept", "a -> b")
    return Way(PACKET, (hop,), disposition, "b", PACKET)


def test_a_connection_works_when_all_three_packets_arrive() -> None:
    good, bad = way(Disposition.ACCEPTED), way(Disposition.DENIED)
    assert Trace("a", good, good, good).works
    assert not Trace("a", good, good).works and not Trace("a", good, bad).works
    assert Trace("a", good, bad).disposition is Disposition.DENIED
    assert Trace("a", good, good, good).disposition is Disposition.ACCEPTED


def test_the_text_names_every_hop_and_the_end() -> None:
    assert str(Trace("a", way(Disposition.DENIED))).splitlines() == [
        "question: tcp 10.0.0.1:5000 -> 10.0.0.2:80",
        "  a: route: local: ip saddr 10.0.0.1 accept (a -> b)",
        "  b: DENIED: denied by a rule",
    ]
