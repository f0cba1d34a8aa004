"""Who listens, and where."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.networks import example
from tests.unit.explain.asking import NAME, line_of
from tests.unit.explain.witness import expected, healthy, said, scene
from warren.explain.causes import listener
from warren.explain.scene import Scene
from warren.formats.sockets import Listener

TOPOLOGY = example(NAME)


def listening(*sockets: Listener, target: str = "db", at: int = 0) -> Scene:
    """A database that listens so, and on nothing else."""
    home = healthy(TOPOLOGY)["home"]
    inner = replace(home.inner["db"], listeners=sockets)
    return scene(expected("cloud", target, at), {"home": replace(home, inner={**home.inner, "db": inner})})


@pytest.mark.parametrize(
    ("address", "port", "family", "words"),
    [
        ("127.0.0.1", 5432, 0, "loopback-only: db listens on loopback only: 127.0.0.1:5432/tcp"),
        ("::", 5432, 0, "one-family: db listens in IPv6 only: [::]:5432/tcp"),
        ("0.0.0.0", 5432, 1, "one-family: db listens in IPv4 only: 0.0.0.0:5432/tcp"),
        ("10.9.9.9", 5432, 0, "other-address: db listens at another address: 10.9.9.9:5432/tcp"),
        ("*", 5433, 0, "wrong-port: db listens on port 5433, not on 5432: *:5433/tcp"),
        ("127.0.0.1", 99, 0, "not-running: nothing listens on port 5432/tcp in the namespace of db"),
    ],
)
def test_listeners_of_a_service(address: str, port: int, family: int, words: str) -> None:
    assert said(listener.nobody(listening(Listener("tcp", address, port), at=family))) == words


def test_the_right_one_is_nobodys_fault() -> None:
    assert listener.nobody(listening(Listener("tcp", "*", 5432))) is None
    assert listener.nobody(listening(Listener("tcp", "10.86.1.3", 5432))) is None


def test_nothing_at_all() -> None:
    found = listener.nobody(listening())
    assert said(found) == "not-running: nothing listens on port 5432/tcp in the namespace of db"
    assert found is not None and found.file_line is not None
    assert found.file_line.line == line_of("sql: 5432")


def test_a_program_of_the_host() -> None:
    home = healthy(TOPOLOGY)["home"]
    bound = replace(home, listeners=(Listener("tcp", "127.0.0.1", 3306),))
    found = listener.nobody(scene(expected("cloud", "home.mysql"), {"home": bound}))
    assert said(found) == "loopback-only: home listens on loopback only: 127.0.0.1:3306/tcp"
    gone = listener.nobody(scene(expected("cloud", "home.mysql"), {"home": replace(home, listeners=())}))
    assert said(gone) == "not-running: nothing listens on port 3306/tcp on home"
