"""A stand-in's voice: one JSON line that says who was asked, at which port, and by whom.

In: listening sockets. Out: lines on the connections and datagrams that arrive at them. Never speaks first on UDP,
and never answers an answer.
"""

from __future__ import annotations

import json
import socket
import struct
from contextlib import suppress
from ipaddress import ip_address

from warren.lab.loop import READ, Loop
from warren.lab.streams import Stream

# How long a client that says nothing is waited for, in case it wants to hold the connection.
PATIENCE = 0.5
HOLD = b"hold"
BEGINNING = b'{"service"'


def line(service: str, port: int, protocol: str, peer: str) -> bytes:
    """The answer."""
    return json.dumps({"service": service, "port": port, "protocol": protocol, "peer": written(peer)}).encode() + b"\n"


def written(peer: str) -> str:
    """An address as its owner would write it: an IPv4 one without the mapping, none with a zone."""
    address = ip_address(peer.partition("%")[0])
    return str(getattr(address, "ipv4_mapped", None) or address)


def listen(protocol: str, port: int, at: str | None = None) -> socket.socket:
    """A socket for both families on every address, or for one address."""
    kind = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
    family = socket.AF_INET6 if at is None or ":" in at else socket.AF_INET
    opened = socket.socket(family, kind | socket.SOCK_NONBLOCK)
    try:
        if family == socket.AF_INET6:
            opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(at is not None))
        if protocol == "tcp":
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        else:
            # The answer must leave from the address that was asked, whichever of them that was.
            opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
        opened.bind((at or "::", port))
        if protocol == "tcp":
            opened.listen(128)
    except BaseException:
        opened.close()
        raise
    return opened


class Answering:
    """One port of one place."""

    def __init__(self, loop: Loop, listening: socket.socket, service: str, port: int) -> None:
        self.loop, self.listening, self.service, self.port = loop, listening, service, port

    def start(self) -> None:
        stream = self.listening.type == socket.SOCK_STREAM
        self.loop.watch(self.listening, READ, self._accept if stream else self._receive)

    def _accept(self, _: int) -> None:
        with suppress(OSError):
            connection, peer = self.listening.accept()
            connection.setblocking(False)
            answer = line(self.service, self.port, "tcp", peer[0])
            greet(self.loop, connection, answer)

    def _receive(self, _: int) -> None:
        with suppress(OSError):
            asked, ancillary, _flags, peer = self.listening.recvmsg(2048, 256)
            if asked.startswith(BEGINNING):
                return
            kept = [entry for entry in map(_source, ancillary) if entry]
            self.listening.sendmsg([line(self.service, self.port, "udp", peer[0])], kept, 0, peer)


def _source(ancillary: tuple[int, int, bytes]) -> tuple[int, int, bytes] | None:
    """Ask for the address that was asked as the answer's source, by whatever interface the routes choose."""
    level, kind, content = ancillary
    if (level, kind) != (socket.IPPROTO_IPV6, socket.IPV6_PKTINFO):
        return None
    address, index = content[:16], struct.unpack("I", content[16:20])[0]
    link_local = address[0] == 0xFE and address[1] & 0xC0 == 0x80
    return level, kind, address + struct.pack("I", index if link_local else 0)


def greet(loop: Loop, connection: socket.socket, answer: bytes) -> None:
    """Say the line; then echo for a client that asks to hold, and close on every other."""
    with suppress(OSError):
        connection.send(answer)

    def decide(_: int) -> None:
        said = b""
        with suppress(OSError):
            said = connection.recv(4096)
        if not said.startswith(HOLD):
            loop.forget(connection)
            return
        held.append(True)
        stream = Stream(loop, connection)
        stream.say(said.partition(b"\n")[2])

    def give_up() -> None:
        if not held:
            loop.forget(connection)

    held: list[bool] = []
    loop.watch(connection, READ, decide)
    loop.later(PATIENCE, give_up)
