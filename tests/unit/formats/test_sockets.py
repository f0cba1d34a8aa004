"""Listening sockets as the tool prints them."""

from __future__ import annotations

import pytest

from warren.formats.sockets import Listener, listeners

TEXT = """\
udp UNCONN 0      0      0.0.0.0:51820 0.0.0.0:* users:(("wireguard-go",pid=342,fd=17))
tcp LISTEN 0      128          *:3306        *:* users:(("python",pid=450,fd=69))
tcp LISTEN 0      128    [::1]:80   [::]:*
udp UNCONN 0      0      127.0.0.53%lo:53 0.0.0.0:* users:(("dns",pid=1,fd=2))
Netid State
"""


def test_listeners() -> None:
    assert list(listeners(TEXT)) == [
        Listener("udp", "0.0.0.0", 51820, "wireguard-go", 342),
        Listener("tcp", "*", 3306, "python", 450),
        Listener("tcp", "::1", 80),
        Listener("udp", "127.0.0.53", 53, "dns", 1),
    ]
    assert [each.on_loopback for each in listeners(TEXT)] == [False, False, True, True]
    assert [str(each) for each in listeners(TEXT)][1:3] == ["*:3306/tcp (python, pid 450)", "[::1]:80/tcp"]


@pytest.mark.parametrize(
    ("bound", "version", "address", "answers"),
    [
        ("*", 4, "10.0.0.1", True),
        ("*", 6, "fd00::1", True),
        ("0.0.0.0", 4, "10.0.0.1", True),
        ("0.0.0.0", 6, "fd00::1", False),
        ("::", 4, "10.0.0.1", False),
        ("::", 6, "fd00::1", True),
        ("10.0.0.1", 4, "10.0.0.1", True),
        ("10.0.0.2", 4, "10.0.0.1", False),
        ("127.0.0.1", 4, "10.0.0.1", False),
    ],
)
def test_who_answers(bound: str, version: int, address: str, answers: bool) -> None:
    assert Listener("tcp", bound, 80).answers(version, address) is answers
