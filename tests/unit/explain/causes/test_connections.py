"""The table of connections."""

from __future__ import annotations

from dataclasses import replace

from tests.networks import example
from tests.unit.explain.asking import NAME
from tests.unit.explain.witness import expected, healthy, said, scene
from warren.explain.causes import connections
from warren.formats.conntrack import Connection, Ends

TOPOLOGY = example(NAME)


def led_to(address: str) -> Connection:
    question = Ends("198.51.100.9", "203.0.113.10", 5, 12345)
    return Connection("udp", question, Ends(address, "198.51.100.9", 12345, 5), 0, False)


def test_a_full_table() -> None:
    home = healthy(TOPOLOGY)["home"]
    found = connections.full(scene(expected("cloud", "db"), {"home": replace(home, tracked=(999, 1000))}))
    assert said(found) == "conntrack-full: the table of connections of home is full: 999 of 1000"
    assert connections.full(scene(expected("cloud", "db"))) is None
    assert connections.full(scene(expected("cloud", "db"), {"home": replace(home, tracked=(0, 0))})) is None


def test_an_old_connection() -> None:
    vps = healthy(TOPOLOGY)["vps"]
    of = expected("internet", "game.play")
    found = connections.stale(scene(of, {"vps": replace(vps, connections=(led_to("10.86.1.99"),))}))
    assert said(found) == (
        "conntrack-stale: vps still leads a connection of 198.51.100.9 to 10.86.1.99, where game is not"
    )
    right = replace(vps, connections=(led_to("10.86.1.4"),))
    assert connections.stale(scene(of, {"vps": right})) is None
    assert connections.stale(scene(expected("cloud", "db"))) is None


def test_what_is_translated_at_another_host_is_not_stale_here() -> None:
    of, healthy_ = expected("internet", "game.play"), healthy(TOPOLOGY)
    passing = led_to("203.0.113.10")
    assert connections.stale(scene(of, {"home": replace(healthy_["home"], connections=(passing,))})) is None
    before = scene(of, {"vps": replace(healthy_["vps"], connections=(passing,))})
    assert said(connections.stale(before)).startswith("conntrack-stale: vps still leads"), (
        "it began before the exposure"
    )
