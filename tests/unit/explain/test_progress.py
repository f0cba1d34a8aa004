"""How far packets came, from the lines of traces."""

from __future__ import annotations

from tests.networks import example
from tests.unit.explain.asking import NAME
from tests.unit.explain.witness import WATCH, expected, traces, whole
from warren.evidence.model import Evidence
from warren.explain.progress import (
    ASTRAY,
    DROPPED,
    INWARD,
    LOST,
    OUTWARD,
    SILENT,
    UNSEEN,
    Break,
    Station,
    broken,
    next_host,
    packets_of,
    passages,
    stations,
)
from warren.explain.static import Expected
from warren.formats.nft_trace import Header, TraceLine

TOPOLOGY = example(NAME)


def stop(of: Expected, lines: dict[str, tuple[TraceLine, ...]]) -> tuple[str, str, str, str | None] | None:
    evidence = Evidence(lines=lines)
    found = broken(TOPOLOGY, of, evidence, passages(evidence, of))
    return (found.host, found.direction, found.how, found.before) if found else None


def test_the_stations_of_both_ways() -> None:
    of = expected("internet", "game.query")
    assert stations(TOPOLOGY, of.trace.forward) == (
        Station("vps", "postrouting", "wrn-vps"),
        Station("home", "postrouting", "v-game"),
    )
    assert stations(TOPOLOGY, of.trace.answer) == (
        Station("home", "postrouting", "wrn-vps"),
        Station("vps", "postrouting", "eth0"),
    )
    assert stations(TOPOLOGY, expected("cloud", "home.mysql").trace.forward) == (Station("home", "input"),)
    assert stations(TOPOLOGY, None) == ()


def test_every_kind_of_break() -> None:
    of = expected("internet", "game.query")
    way = stations(TOPOLOGY, of.trace.forward)
    forth = traces(way, of)
    assert stop(of, whole(of)) is None
    assert stop(of, {"vps": (), "home": ()}) == ("vps", "question", UNSEEN, "internet")
    assert stop(of, {**traces(way, of, until="vps"), "home": ()}) == ("home", "question", UNSEEN, "vps")
    assert stop(of, traces(way, of, until="vps", hook="prerouting")) == ("vps", "question", LOST, "internet")
    assert stop(of, {**forth}) == ("home", "answer", SILENT, "game")
    drop = TraceLine("questionhome", "ip", "filter", "FORWARD", "policy", "drop")
    assert stop(of, {**forth, "home": (*forth["home"], drop)}) == ("home", "question", DROPPED, "vps")
    wrong = traces((Station("vps", "postrouting", "eth0"),), of)
    assert stop(of, wrong) == ("vps", "question", ASTRAY, "internet")


def test_hosts_that_were_not_watched_are_passed_over() -> None:
    of = expected("internet", "game.query")
    both = whole(of)
    assert stop(of, {"vps": both["vps"]}) is None
    assert stop(of, {}) is None


def test_packets_that_have_an_id_in_turn() -> None:
    head = Header("eth0", "", "198.51.100.7", "203.0.113.10", 1, 12346, 0, 6)
    one = TraceLine("a", "inet", WATCH, "first_prerouting", "packet", header=head)
    late = TraceLine("b", "inet", "warren", "forward", "rule", "accept")
    assert [len(each) for each in packets_of([one, one, late])] == [1, 1]


def test_wireguards_own_packets() -> None:
    of = expected("internet", "game.query")
    head = Header("eth0", "", "198.18.1.1", "203.0.113.10", 40000, 51820, 0, 17)
    line = TraceLine("a", "inet", WATCH, "first_prerouting", "packet", header=head)
    back = Header("", "eth0", "203.0.113.10", "198.18.1.1", 51820, 40000, 0, 17)
    left = TraceLine("b", "inet", WATCH, "first_output", "packet", header=back)
    evidence = Evidence(lines={"vps": (line, left)})
    assert set(passages(evidence, of, frozenset({51820}))) == {
        ("vps", f"{INWARD} 198.18.1.1 40000"),
        ("vps", f"{OUTWARD} 198.18.1.1 40000"),
    }
    assert passages(evidence, of) == {}


def test_the_host_after_a_break() -> None:
    of = expected("internet", "game.query")
    assert next_host(TOPOLOGY, of, Break("vps", "question", LOST)) == "home"
    assert next_host(TOPOLOGY, of, Break("home", "question", LOST)) is None
    assert next_host(TOPOLOGY, of, Break("home", "answer", LOST)) == "vps"
