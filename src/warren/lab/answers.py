"""A stand-in's voice: one JSON line that says who was asked, at which port, and by whom.

In: listening sockets. Out: lines on the connections and datagrams that arrive at them, in HTTP for who speaks it. Never
speaks first on UDP, and never answers an answer.
"""

from __future__ import annotations

import json
import socket
import struct
from contextlib import suppress
from ipaddress import ip_address

from warren.lab.loop import READ, Loop
from warren.lab.streams import Stream

# How long a client may say nothing before it is told, and then before it is left: it may want to hold the connection.
SILENCE = 0.1
PATIENCE = 0.5
HOLD = b"hold"
METHODS = (b"GET ", b"HEAD ", b"POST ", b"PUT ", b"PATCH ", b"DELETE ", b"OPTIONS ")
HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
PROXIED = {
    "host": "host",
    "client": "x-forwarded-for",
    "scheme": "x-forwarded-proto",
    "real_ip": "x-real-ip",
    "forwarded": "forwarded",
    "user": "remote-user",
}
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
            Greeting(self.loop, connection, answer).start()

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


def spoken(answer: bytes, said: bytes) -> bytes:
    """The answer in the language of who asked: HTTP, where it begins like a request, else the bare line.

    In HTTP it also says what was asked for, and what a proxy says of the client.
    """
    if not said.startswith(METHODS):
        return answer
    with suppress(ValueError):
        answer = json.dumps({**json.loads(answer), **_request(said)}).encode() + b"\n"
    body = b"" if said.startswith(b"HEAD ") else answer
    return HTTP % len(answer) + body


def _request(said: bytes) -> dict[str, str]:
    """The path, and the headers by which a proxy tells about the client, as far as they were read."""
    head = said.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    path = head[0].split(" ")[1] if head[0].count(" ") > 1 else ""
    pairs = (line.partition(":") for line in head[1:])
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    told = {name: headers[header] for name, header in PROXIED.items() if header in headers}
    return {"path": path, **told}


class Greeting:
    """One connection: hears first, speaks when nothing is said, and echoes for a client that asks to hold."""

    def __init__(self, loop: Loop, connection: socket.socket, answer: bytes) -> None:
        self.loop, self.connection, self.answer = loop, connection, answer
        self.told = self.held = False

    def start(self) -> None:
        self.loop.watch(self.connection, READ, self._hear)
        self.loop.later(SILENCE, self._speak_first)
        self.loop.later(SILENCE + PATIENCE, self._give_up)

    def _hear(self, _: int) -> None:
        said = self._said()
        self._tell(spoken(self.answer, said))
        if said.startswith(HOLD):
            self.held = True
            stream = Stream(self.loop, self.connection)
            stream.say(said.partition(b"\n")[2])
        elif said.startswith(METHODS):
            # A request may be longer than what was read, and closing on the rest would reset the answer.
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_WR)
            self.loop.watch(self.connection, READ, self._pass_over)
        else:
            self.loop.forget(self.connection)

    def _said(self) -> bytes:
        with suppress(OSError):
            return self.connection.recv(4096)
        return b""

    def _pass_over(self, _: int) -> None:
        if not self._said():
            self.loop.forget(self.connection)

    def _tell(self, answer: bytes) -> None:
        if not self.told and self.connection.fileno() >= 0:
            self.told = True
            with suppress(OSError):
                self.connection.send(answer)

    def _speak_first(self) -> None:
        self._tell(self.answer)

    def _give_up(self) -> None:
        if not self.held:
            self.loop.forget(self.connection)
