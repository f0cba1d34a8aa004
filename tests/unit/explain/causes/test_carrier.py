"""What carries from loopback."""

from __future__ import annotations

from dataclasses import replace

from tests.networks import example
from tests.unit.explain.asking import NAME
from tests.unit.explain.witness import expected, healthy, said, scene
from warren.explain.causes import carrier
from warren.explain.model import Verdict
from warren.formats.sockets import Listener

TOPOLOGY = example(NAME)


def gone(target: str, *listeners: Listener) -> Verdict | None:
    home = healthy(TOPOLOGY)["home"]
    inner = replace(home.inner["cloud"], listeners=listeners)
    seen = {"home": replace(home, inner={**home.inner, "cloud": inner})}
    return carrier.gone(scene(expected("cloud", target), seen))


def test_nobody_listens() -> None:
    assert said(gone("127.0.0.1:3306")) == (
        "carrier-gone: nothing listens at 127.0.0.1:3306 in cloud, to carry it to home"
    )


def test_somebody_listens() -> None:
    assert gone("127.0.0.1:3306", Listener("tcp", "127.0.0.1", 3306)) is None
    assert gone("127.0.0.1:3306", Listener("tcp", "::1", 3306)) is not None


def test_what_is_asked_directly_is_not_carried() -> None:
    assert gone("home.mysql") is None


def test_somebody_else_listens() -> None:
    assert said(gone("127.0.0.1:3306", Listener("tcp", "127.0.0.1", 3306, "mysqld", 7))) == (
        "port-taken: 127.0.0.1:3306 in cloud is taken by another program: 127.0.0.1:3306/tcp (mysqld, pid 7)"
    )
    assert gone("127.0.0.1:3306", Listener("tcp", "127.0.0.1", 3306, "systemd", 1)) is None


def test_a_program_of_the_own_host_need_not_listen_anywhere_else() -> None:
    home = replace(healthy(TOPOLOGY)["home"], listeners=(Listener("tcp", "127.0.0.1", 3306, "mysqld", 7),))
    assert carrier.nearby(scene(expected("cloud", "127.0.0.1:3306"), {"home": home}))
    assert not carrier.nearby(scene(expected("cloud", "home.mysql"), {"home": home}))
    assert not carrier.nearby(scene(expected("cloud", "127.0.0.1:3306"), {"home": replace(home, listeners=())}))
