"""Two ends of a tunnel that do not hear each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from tests.networks import example
from tests.unit.explain.asking import NAME
from tests.unit.explain.witness import WATCH, expected, healthy, said, scene
from warren.evidence.model import Peer
from warren.evidence.watch import OUTER_RATE
from warren.explain.causes import apart
from warren.explain.progress import INWARD
from warren.explain.scene import Scene
from warren.formats.nft_trace import Header, TraceLine

TOPOLOGY = example(NAME)
TUNNEL = TOPOLOGY.tunnels[0]
DOOR, ROUTER, OTHER = ("203.0.113.10", 51820), ("198.51.100.20", 40000), ("198.51.100.99", 41000)
ENDS = ("home", "vps")
Lines = dict[str, tuple[TraceLine, ...]]


def packet(source: tuple[str, int], target: tuple[str, int], out: bool, number: str = "a") -> TraceLine:
    """One of WireGuard's own packets, as it leaves a host or comes to it."""
    links = ("", "eth0") if out else ("eth0", "")
    head = Header(*links, source[0], target[0], source[1], target[1], 0, 17)
    return TraceLine(number, "inet", WATCH, "first_output" if out else "first_prerouting", "packet", header=head)


ASKS, ANSWERS = packet(ROUTER, DOOR, out=True), packet(DOOR, ROUTER, out=True)
ASKED, ANSWERED = packet(ROUTER, DOOR, out=False), packet(DOOR, ROUTER, out=False)


def made(lines: Lines, pings: Mapping[tuple[str, str], bool] | None = None, others: int = 0) -> Scene:
    """A scene in which the gateway has another peer, which is heard so many times."""
    vps = healthy(TOPOLOGY)["vps"]
    neighbour = Peer("wrn-vps", "vps", 51820, "neighbour", "198.51.100.99:41000", frozenset(), 0, 0, 0)
    chatter = tuple(packet(OTHER, DOOR, out=False, number=f"other{n}") for n in range(others))
    given = {**lines, "vps": (*lines.get("vps", ()), *chatter)}
    seen = {"vps": replace(vps, peers=(*vps.peers, neighbour))}
    return scene(expected("internet", "game.query"), seen, lines=given, pings=pings)


def silent(lines: Lines, pings: Mapping[tuple[str, str], bool] | None = None, others: int = 0) -> str:
    return said(apart.silent(made(lines, pings, others), TUNNEL))


def test_not_even_a_ping() -> None:
    assert silent({"home": (ASKS,), "vps": ()}, {ENDS: False}) == (
        "line-cut: home and vps do not hear each other, and home cannot even ping 203.0.113.10: the line is cut"
    )


@pytest.mark.parametrize(
    ("home", "vps", "words"),
    [
        ((ASKS,), (), "of home do not arrive at vps{}: UDP 51820 is dropped on the way"),
        ((ASKS,), (ANSWERS,), "of home and vps do not arrive at each other{}: UDP 51820 is dropped"),
        ((), (ANSWERS,), "of vps do not arrive at home{}: they are dropped on the way"),
        ((ASKS,), (ASKED, ANSWERS), "of vps do not arrive at home{}: they are dropped on the way"),
        ((ANSWERED, ASKS), (ANSWERS,), "of home do not arrive at vps{}: UDP 51820 is dropped on the way"),
    ],
)
def test_who_speaks_and_is_not_heard(home: tuple[TraceLine, ...], vps: tuple[TraceLine, ...], words: str) -> None:
    lines = {"home": home, "vps": vps}
    start = "tunnel-blocked: WireGuard's packets "
    assert silent(lines) == start + words.format("")
    assert silent(lines, {ENDS: True}) == start + words.format(", although home can ping 203.0.113.10")


def test_another_peer_that_is_heard_is_not_this_one() -> None:
    assert silent({"home": (ASKS,)}, others=3).startswith("tunnel-blocked: WireGuard's packets of home")
    found = "no-handshake: the tunnel of home to vps is dead: no handshake for 5 seconds"
    assert silent({"home": (ASKS,)}, others=OUTER_RATE) == found, "more may have come than was watched"
    assert silent({"home": ()}, others=3) == found, "whoever was not seen speaking may have been silent"
    assert silent({"home": (ASKS,), "vps": (ASKED,)}) == found


def test_no_handshake() -> None:
    home = healthy(TOPOLOGY)["home"]
    never = replace(home, peers=tuple(replace(peer, handshake=0) for peer in home.peers))
    asked = scene(expected("internet", "game.query"), {"home": never}, lines={}, pings={ENDS: True})
    found = apart.silent(asked, TUNNEL)
    assert said(found) == "no-handshake: the tunnel of home to vps is dead: there was no handshake yet"
    assert found is not None and found.remedy == "see that UDP 51820 reaches vps"
    nameless = replace(home, peers=())
    assert apart.silent(scene(expected("internet", "game.query"), {"home": nameless}, lines={}), TUNNEL) is None


def test_drops_of_others_are_of_this_tunnel_alone() -> None:
    drop = TraceLine("a", "ip", "filter", "ufw-before-input", "rule", "drop", "drop")
    mine = made({"home": (), "vps": (ASKED, drop)})
    assert list(apart.drops(mine, TUNNEL, "vps", INWARD)) == [drop]
    theirs = made({"home": (), "vps": (packet(OTHER, DOOR, out=False), drop)})
    assert list(apart.drops(theirs, TUNNEL, "vps", INWARD)) == []


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(90, "90 seconds"), (7200, "2 hours"), (86400 * 3, "3 days"), (86400 * 365 * 56, "56 years")],
)
def test_times_have_one_unit(seconds: int, words: str) -> None:
    assert apart.span(seconds) == words
