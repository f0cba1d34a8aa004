"""Before a host, and behind it."""

from __future__ import annotations

from dataclasses import replace

from tests.networks import example
from tests.unit.explain.asking import NAME, line_of
from tests.unit.explain.witness import expected, healthy, said, scene
from warren.explain.causes import upstream
from warren.explain.progress import LOST, UNSEEN, Break

TOPOLOGY = example(NAME)


def test_nothing_arrives() -> None:
    found = upstream.before(scene(expected("internet", "game.query")), Break("vps", "question", UNSEEN, "internet"))
    assert said(found) == (
        "upstream-drop: nothing arrives at vps on port 12346/tcp: something before it drops the packets"
    )
    assert found is not None and found.file_line is not None
    assert found.file_line.line == line_of("port: 12346")
    assert upstream.before(scene(expected("internet", "game.query")), Break("vps", "question", LOST)) is None
    assert upstream.before(scene(expected("cloud", "db")), Break("home", "question", UNSEEN, "cloud")) is None


def test_an_address_that_the_gateway_lost() -> None:
    vps = healthy(TOPOLOGY)["vps"]
    bare = tuple(
        replace(link, addresses=frozenset({"192.0.2.1/24"})) if link.name == "eth0" else link for link in vps.links
    )
    found = upstream.lost_address(scene(expected("internet", "game.query"), {"vps": replace(vps, links=bare)}))
    assert said(found) == "address-gone: vps does not have the address 203.0.113.10"
    assert upstream.lost_address(scene(expected("internet", "game.query"))) is None


def test_nobody_outside_answers() -> None:
    of = expected("cloud", "internet")
    found = upstream.beyond(scene(of), Break("vps", "answer", UNSEEN, "vps"))
    assert said(found) == "outside-silent: it leaves vps as it should, and nobody answers from outside"
    assert upstream.beyond(scene(expected("cloud", "db")), Break("home", "answer", UNSEEN)) is None
