"""Hops as they were seen."""

from __future__ import annotations

from tests.networks import example
from tests.unit.explain.asking import NAME
from tests.unit.explain.witness import expected, scene, traces
from warren.explain.live import judge
from warren.explain.progress import stations
from warren.explain.shown import hops

TOPOLOGY = example(NAME)


def test_what_works_shows_counts_listener_and_handshake() -> None:
    found = scene(expected("internet", "game.query"), outcome="answered")
    words = [hop.words for hop in hops(found, judge(found))]
    assert "goes through the tunnel wrn-vps to home, handshake 5 s ago" in words
    assert "listens: *:12346/tcp (program, pid 7)" in words
    assert all(hop.packets == 1 for hop in hops(found, judge(found)) if hop.place in TOPOLOGY.hosts)


def test_nothing_is_shown_behind_the_break() -> None:
    of = expected("internet", "game.query")
    forth = traces(stations(TOPOLOGY, of.trace.forward), of, until="vps")
    found = scene(of, lines={**forth, "home": ()})
    shown = hops(found, judge(found))
    assert (shown[-1].disposition, shown[-1].packets) == ("NOT_SEEN", 0)
    assert {hop.host for hop in shown[:-1]} == {"vps"}


def test_a_service_that_says_nothing_is_the_last_hop() -> None:
    of = expected("internet", "game.query")
    found = scene(of, lines=traces(stations(TOPOLOGY, of.trace.forward), of))
    last = hops(found, judge(found))[-1]
    assert (last.place, last.disposition, last.kind.value) == ("game", "NO_ANSWER", "listen")
