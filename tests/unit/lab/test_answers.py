"""One JSON line, with the client's address as its owner would write it. Sockets are of the loopback of this machine."""

from __future__ import annotations

import json
import socket
import struct
import time

import pytest

from warren.lab.answers import PATIENCE, SILENCE, Answering, Greeting, _source, line, listen, spoken, written
from warren.lab.loop import Loop


def test_the_line() -> None:
    assert line("game", 12345, "udp", "::ffff:198.51.100.7") == (
        b'{"service": "game", "port": 12345, "protocol": "udp", "peer": "198.51.100.7"}\n'
    )


def test_addresses_are_written_as_their_owners_do() -> None:
    assert written("::ffff:192.0.2.1") == "192.0.2.1"
    assert written("fe80::1%eth0") == "fe80::1"
    assert written("2001:db8::7") == "2001:db8::7"


def test_the_source_is_the_address_and_not_the_interface() -> None:
    level, kind = socket.IPPROTO_IPV6, socket.IPV6_PKTINFO
    routed = socket.inet_pton(socket.AF_INET6, "2001:db8::1")
    local = socket.inet_pton(socket.AF_INET6, "fe80::1")
    assert _source((level, kind, routed + struct.pack("I", 7))) == (level, kind, routed + struct.pack("I", 0))
    assert _source((level, kind, local + struct.pack("I", 7))) == (level, kind, local + struct.pack("I", 7))
    assert _source((0, 0, b"")) is None


def answered(said: bytes) -> tuple[Loop, socket.socket]:
    """A client that said something, or nothing for a while, and was heard."""
    here, there = socket.socketpair()
    there.setblocking(False)
    here.settimeout(2)
    loop = Loop()
    Greeting(loop, there, b"line\n").start()
    if said:
        here.sendall(said)
    loop.turn()
    return loop, here


def everything(loop: Loop, here: socket.socket) -> bytes:
    """What the client hears until the connection ends, without ending it itself."""
    heard = b""
    while part := here.recv(4096):
        heard += part
        loop.turn()
    return heard


def test_whoever_asks_anything_is_answered_and_left() -> None:
    loop, here = answered(b"?\n")
    with here:
        assert (here.recv(100), here.recv(100)) == (b"line\n", b"")


def test_whoever_says_nothing_is_told_and_then_left() -> None:
    begun = time.monotonic()
    loop, here = answered(b"")
    with here:
        assert everything(loop, here) == b"line\n"
    assert SILENCE + PATIENCE <= time.monotonic() - begun < 2


def test_whoever_speaks_http_is_answered_in_http() -> None:
    loop, here = answered(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    with here:
        assert here.recv(1000) == (
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5\r\nConnection: close\r\n\r\nline\n"
        )
        here.sendall(b"the rest of a long request")
        loop.turn()
        assert here.recv(100) == b""
        here.shutdown(socket.SHUT_WR)
        loop.turn()
    assert spoken(b"line\n", b"HEAD / HTTP/1.1\r\n").endswith(b"Content-Length: 5\r\nConnection: close\r\n\r\n")
    assert spoken(b"line\n", b"GETTING") == b"line\n"


def test_in_http_it_says_what_a_proxy_says_of_the_client() -> None:
    said = b"GET /a/b?c HTTP/1.1\r\nHost: x.example\r\nX-Forwarded-For: 192.0.2.1\r\nCookie: a\r\n\r\nbody"
    found = json.loads(spoken(b'{"service": "a"}\n', said).partition(b"\r\n\r\n")[2])
    assert found == {"service": "a", "path": "/a/b?c", "host": "x.example", "client": "192.0.2.1"}


@pytest.mark.parametrize("first", [b"hold\nmore", b""])
def test_whoever_holds_hears_an_echo(first: bytes) -> None:
    loop, here = answered(first)
    with here:
        assert here.recv(5) == b"line\n"
        here.sendall(b"" if first else b"hold\nmore")
        loop.turn()
        loop.turn()
        assert here.recv(100) == b"more"
        here.close()
        loop.turn()


def test_a_port_answers_in_both_families_and_never_an_answer() -> None:
    loop = Loop()
    with listen("udp", 0) as listening, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        port = listening.getsockname()[1]
        Answering(loop, listening, "game", port).start()
        asking.settimeout(2)
        asking.connect(("127.0.0.1", port))
        asking.send(b'{"service": "another stand-in"}')
        loop.turn()
        asking.send(b"who")
        loop.turn()
        assert json.loads(asking.recv(4096)) == {
            "service": "game",
            "port": port,
            "protocol": "udp",
            "peer": "127.0.0.1",
        }


def test_one_address_alone() -> None:
    with listen("tcp", 0, "127.0.0.1") as v4, listen("tcp", 0, "::1") as v6:
        assert (v4.getsockname()[0], v6.getsockname()[0]) == ("127.0.0.1", "::1")
