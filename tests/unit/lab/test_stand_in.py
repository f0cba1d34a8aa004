"""Who listens where, and who no longer does. Namespaces are in tests/netns/test_lab_stand_ins.py."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from warren.lab import stand_in
from warren.lab.answers import listen
from warren.lab.loop import Loop
from warren.lab.stand_in import StandIns, answer, identity

HERE = "/proc/self/ns/net"


@pytest.fixture
def stand_ins(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIns]:
    """Stand-ins that stay in this namespace, at ports that the kernel chooses."""

    @contextmanager
    def stay(self: StandIns, path: str) -> Iterator[None]:
        yield

    monkeypatch.setattr(StandIns, "_inside", stay)
    monkeypatch.setattr(stand_in, "listen", lambda protocol, port, at=None: listen(protocol, 0, at))
    made = StandIns(Loop())
    yield made
    made.want({"listeners": [], "relays": []})


def asking(*ports: int) -> dict[str, Any]:
    return {
        "listeners": [{"service": "game", "netns": HERE, "ports": [[port, port] for port in ports]}],
        "relays": [],
    }


def test_both_protocols_of_each_port(stand_ins: StandIns) -> None:
    assert stand_ins.want(asking(80, 443)) == {"open": 4, "missing": [], "failed": []}
    assert {(key[1], key[2]) for key in stand_ins.open} == {("tcp", 80), ("udp", 80), ("tcp", 443), ("udp", 443)}


def test_what_a_program_of_the_place_takes_is_left_to_it(stand_ins: StandIns) -> None:
    wanted = asking(22, 80)
    wanted["listeners"][0]["taken"] = [22]
    assert stand_ins.want(wanted)["open"] == 3
    assert (HERE, "tcp", 22, None) not in stand_ins.open


def test_what_stays_is_not_touched(stand_ins: StandIns) -> None:
    stand_ins.want(asking(80, 443))
    kept = stand_ins.open[(HERE, "tcp", 80, None)]
    gone = stand_ins.open[(HERE, "tcp", 443, None)]
    stand_ins.want(asking(80))
    assert stand_ins.open[(HERE, "tcp", 80, None)] is kept
    assert (kept.fileno() >= 0, gone.fileno()) == (True, -1)


def test_a_namespace_that_does_not_stand_is_missing(stand_ins: StandIns) -> None:
    wanted = {"listeners": [{"service": "later", "netns": "/proc/self/absent", "ports": [[80, 80]]}], "relays": []}
    assert stand_ins.want(wanted) == {"open": 0, "missing": ["later"], "failed": []}


def test_another_namespace_of_the_same_name_is_listened_in_anew(stand_ins: StandIns) -> None:
    stand_ins.want(asking(80))
    before = stand_ins.open[(HERE, "tcp", 80, None)]
    stand_ins.meant[HERE] = (0, 0)
    stand_ins.want(asking(80))
    assert stand_ins.open[(HERE, "tcp", 80, None)] is not before


def test_a_refused_port_is_named(stand_ins: StandIns, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(protocol: str, port: int, at: str | None = None) -> socket.socket:
        raise OSError(98, "Address already in use")

    monkeypatch.setattr(stand_in, "listen", refuse)
    assert stand_ins.want(asking(80))["failed"] == [
        "game 80/tcp: Address already in use",
        "game 80/udp: Address already in use",
    ]


def test_a_relay_listens_on_both_loopbacks(stand_ins: StandIns) -> None:
    relay = {"service": "cloud", "netns": HERE, "from": HERE, "listen": 3306, "v4": "127.0.0.1", "v6": "::1", "port": 9}
    assert stand_ins.want({"listeners": [], "relays": [relay]})["open"] == 2
    assert {key[3] for key in stand_ins.open} == {"127.0.0.1", "::1"}


def test_trouble_is_an_answer(stand_ins: StandIns) -> None:
    assert "error" in answer(stand_ins, b"nonsense")
    assert answer(stand_ins, json.dumps(asking()).encode())["open"] == 0


def test_only_a_namespace_is_one() -> None:
    assert identity(HERE) is not None
    assert identity("/etc/passwd") is None
    assert identity("/absent") is None
