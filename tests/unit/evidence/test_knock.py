"""Knocking, with real sockets on this machine, and what bash says of others."""

from __future__ import annotations

import socket

import pytest

from tests.unit.evidence.saying import Saying
from warren.evidence.ask import Door
from warren.evidence.knock import echo_script, echoes, knock, outcome, script
from warren.evidence.model import Knock
from warren.hosts.local import LocalHost


@pytest.mark.parametrize(
    ("protocol", "said", "wanted"),
    [
        ("tcp", "connected\nanswered\ncode 0\n", Knock("answered")),
        ("tcp", "connected\ncode 142\n", Knock("connected")),
        ("udp", "connected\ncode 142\n", Knock("timeout")),
        ("udp", "connected\nbash: line 1: read: read error: 0: Connection refused\ncode 1\n",
         Knock("refused", "Connection refused")),
        ("tcp", "bash: connect: No route to host\ncode 9\n", Knock("unreachable", "No route to host")),
        ("tcp", "bash: connect: Permission denied\ncode 9\n", Knock("prohibited", "Permission denied")),
        ("tcp", "code 124\n", Knock("timeout")),
        ("tcp", "timeout: failed to run command 'bash'\ncode 127\n", Knock("untried", "bash is not there")),
    ],
)  # fmt: skip
def test_what_bash_says(protocol: str, said: str, wanted: Knock) -> None:
    assert outcome(protocol, said) == wanted


def test_real_doors() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        found = knock(LocalHost("here"), [Door(4, "127.0.0.1", port, "tcp")], 0.2)
        assert found == {4: Knock("connected")}
    found = knock(LocalHost("here"), [Door(4, "127.0.0.1", port, "tcp")], 0.2)
    assert found == {4: Knock("refused", "Connection refused")}


def test_who_is_away_was_not_tried() -> None:
    found = knock(Saying(lambda _: None), [Door(4, "10.0.0.1", 1, "tcp"), Door(6, "fd00::1", 1, "tcp")])
    assert found == {4: Knock("untried", "home is away"), 6: Knock("untried", "home is away")}
    assert knock(Saying(lambda _: ""), [Door(4, "10.0.0.1", 1, "tcp")])[4].outcome == "untried"


def test_a_service_knocks_from_its_namespace() -> None:
    assert "ip netns exec cloud timeout" in script([Door(4, "10.0.0.1", 1, "tcp", "cloud")], 1)


def test_echoes() -> None:
    assert echoes(Saying(lambda _: "echo 200 0\necho 1420 1\nnoise\n"), "10.0.0.1", [200, 1420]) == {
        200: True,
        1420: False,
    }
    assert echoes(Saying(lambda _: ""), "10.0.0.1", [200]) is None
    assert echoes(Saying(lambda _: None), "10.0.0.1", [200]) is None
    assert "-M do -s $((s - 28)) 10.0.0.1" in echo_script("10.0.0.1", (200,), 1)
