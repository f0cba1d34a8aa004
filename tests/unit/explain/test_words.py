"""Hops in words, in their order, with lines of the file."""

from __future__ import annotations

from tests.unit.explain.asking import explained, line_of


def words(source: str, target: str, direction: str = "question") -> list[str]:
    return [f"{hop.place}: {hop.words}" for hop in explained(source, target).hops if hop.direction == direction]


def test_from_the_internet_through_the_tunnel() -> None:
    assert words("internet", "game.query") == [
        "vps: the target becomes 10.86.1.4:12346",
        "vps: marked for the tunnels of vps",
        "vps: goes out by wrn-vps",
        "vps: it is exposed",
        "vps: goes through the tunnel wrn-vps to home",
        "home: its connection is remembered by the way that it came",
        "home: marked as the network's own",
        "home: goes out by v-game",
        "home: it came through the tunnel of an exposure",
        "game: arrives at game",
    ]
    assert words("internet", "game.query", "answer")[-2:] == [
        "vps: translated as before: 203.0.113.10:12346 -> 198.51.100.7:40001",
        "vps: leaves by eth0",
    ]


def test_a_refusal_is_the_last_hop() -> None:
    hop = explained("game", "db").hops[-1]
    assert (hop.words, hop.disposition) == ("dropped: nothing in the file allows it", "DENIED_BY")
    assert hop.rule == "warren refuse[0]: iifname @services counter reject with icmpx admin-prohibited"


def test_no_way_out() -> None:
    hop = explained("db", "internet").hops[-1]
    assert (hop.words, hop.disposition) == ("no way out is declared for it", "UNREACHABLE")


def test_the_source_is_hidden_on_the_way_out() -> None:
    assert "vps: the source becomes 203.0.113.10:61000" in words("cloud", "internet")


def test_every_hop_that_a_need_decides_names_its_line() -> None:
    hops = explained("cloud", "db").hops
    lines = {hop.file_line.line for hop in hops if hop.words == "a need allows it" and hop.file_line}
    assert lines == {line_of("- db.sql")}


def test_what_has_its_mark_goes_on_by_it() -> None:
    found = words("internet", "game.query", "answer")
    marked = found.index("vps: marked to leave by the host's own routes")
    assert found[marked + 1 : marked + 3] == ["vps: goes on, as it is marked", "vps: goes out by eth0"]
