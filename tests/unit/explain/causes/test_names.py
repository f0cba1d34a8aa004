"""Names that lead elsewhere, or nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tests.networks import example
from tests.unit.explain.asking import NAME
from tests.unit.explain.witness import expected, healthy, said, scene
from warren.explain.causes import names
from warren.explain.model import Verdict
from warren.formats.sockets import Listener

TOPOLOGY = example(NAME)
RIGHT = {"db": ("10.86.1.3", "fd13:46ad:d446:1::3")}


def wrong(found: Mapping[str, tuple[str, ...]], servers: tuple[str, ...] = (), *listeners: Listener) -> Verdict | None:
    home = healthy(TOPOLOGY)["home"]
    inner = replace(home.inner["cloud"], names=found, nameservers=servers, listeners=listeners)
    return names.wrong(scene(expected("cloud", "db"), {"home": replace(home, inner={**home.inner, "cloud": inner})}))


def test_names() -> None:
    assert wrong(RIGHT) is None
    assert wrong({}) is None
    assert said(wrong({"db": ("10.86.1.99",)})) == "name-wrong: in cloud the name db leads to 10.86.1.99"
    assert said(wrong({"db": ()})) == "name-unknown: in cloud the name db leads nowhere"


def test_resolvers() -> None:
    assert said(wrong(RIGHT, ("127.0.0.53",))) == (
        "resolver-dead: cloud asks 127.0.0.53 for names, where nobody listens in its namespace"
    )
    assert wrong(RIGHT, ("127.0.0.53",), Listener("udp", "127.0.0.53", 53)) is None
    assert wrong(RIGHT, ("127.0.0.53", "10.86.1.5")) is None


def test_who_is_no_service_looks_up_nothing() -> None:
    assert names.wrong(scene(expected("internet", "game.query"))) is None
