from __future__ import annotations

import pytest

from warren.desired.items.file import File
from warren.desired.items.unit import FOLDER, Unit
from warren.desired.model import HostState
from warren.prove.relays import PROXY, Relay, relays

SOCKET = "[Socket]\nListenStream=127.0.0.1:3306\nListenStream=[::1]:3306\nNetworkNamespacePath=/run/netns/cloud\n"
SERVICE = f"[Service]\nExecStart=/usr/lib/systemd/{PROXY} --exit-idle-time=5min 127.0.0.1:3307\nDynamicUser=yes\n"


def read(socket: str = SOCKET, service: str | None = SERVICE, active: bool = True) -> tuple[Relay, ...]:
    files = [File(f"{FOLDER}/a.socket", socket), *([File(f"{FOLDER}/a.service", service)] if service else ())]
    return relays({"home": HostState.of([*files, Unit("a.socket", "", active=active)])})


def test_a_socket_and_the_proxy_behind_it() -> None:
    assert read() == (
        Relay(
            "home",
            "a.socket",
            "cloud",
            ((4, 0x7F000001, 3306), (6, 1, 3306)),
            "home",
            (4, 0x7F000001, 3307),
        ),
    )


def test_what_does_not_run_does_not_listen() -> None:
    assert read(active=False) == ()


@pytest.mark.parametrize(
    ("text", "doors"),
    [
        ("ListenStream=3306", ((4, None, 3306), (6, None, 3306))),
        ("ListenStream=0.0.0.0:3306", ((4, None, 3306),)),
        ("ListenStream=[::]:3306", ((6, None, 3306), (4, None, 3306))),
        ("ListenStream=/run/a.sock", ()),
        ("ListenStream=1\nListenStream=\nListenStream=127.0.0.1:2", ((4, 0x7F000001, 2),)),
    ],
)
def test_where_sockets_listen(text: str, doors: tuple[object, ...]) -> None:
    (found,) = read(f"[Socket]\n{text}\n")
    assert found.doors == doors and found.place == "home" and found.unclear is None


@pytest.mark.parametrize(
    ("socket", "service", "words"),
    [
        (SOCKET, None, "a.service is not there"),
        (f"{SOCKET}Service=b.service\n", SERVICE, "b.service is not there"),
        (f"{SOCKET}Accept=yes\n", SERVICE, "Accept"),
        (SOCKET, "[Service]\nExecStart=/usr/bin/socat - TCP:10.0.0.1:1\n", f"ExecStart is not one {PROXY}"),
        (SOCKET, f"[Service]\nExecStart=/x/{PROXY} --odd 127.0.0.1:1\n", "--odd"),
        (SOCKET, f"[Service]\nExecStart=/x/{PROXY}\n", f"{PROXY} without a target"),
        (SOCKET, f"[Service]\nExecStart=/x/{PROXY} db.example.org:1\n", "db.example.org:1"),
        (SOCKET, f"{SERVICE}NetworkNamespacePath=/proc/1/ns/net\n", "NetworkNamespacePath=/proc/1/ns/net"),
        ("[Socket]\nListenStream=localhost:1\n", SERVICE, "localhost:1"),
    ],
)
def test_what_is_not_understood_is_said(socket: str, service: str | None, words: str) -> None:
    (found,) = read(socket, service)
    assert found.target is None and found.unclear == words
