"""One JSON line, with the client's address as its owner would write it. Sockets are of the loopback of this machine."""

from __future__ import annotations

import json
import socket
import struct

from warren.lab.answers import Answering, _source, greet, line, listen, written
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
    """A client that said something to a greeter that has listened."""
    here, there = socket.socketpair()
    there.setblocking(False)
    loop = Loop()
    greet(loop, there, b"line\n")
    here.settimeout(2)
    assert here.recv(100) == b"line\n"
    here.sendall(said)
    loop.turn()
    return loop, here


def test_whoever_asks_anything_is_answered_and_left() -> None:
    loop, here = answered(b"GET / HTTP/1.0\r\n\r\n")
    with here:
        assert here.recv(100) == b""


def test_whoever_holds_hears_an_echo() -> None:
    loop, here = answered(b"hold\nmore")
    with here:
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
