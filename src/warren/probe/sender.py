"""Sends without end from services that may not be there yet, to addresses where nobody listens.

In: one JSON line on stdin: {interval, senders: [{name, netns, sinks}]}; the end of stdin ends it. Out: at the end one
JSON line on stderr: {tried, sent, by}. Never waits for an answer; runs as `python -I -S sender.py`.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import select
import socket
import struct
import sys
import time
from typing import Any

CLONE_NEWNET = 0x40000000
POLL = 0.005
NONBLOCK = socket.SOCK_NONBLOCK
DNS = b"\x77\x01\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x04leak\x07example\x00\x00\x01\x00\x01"
ECHO4, ECHO6 = 8, 128
LIBC = ctypes.CDLL(None, use_errno=True)


def echo(is_v6: bool) -> bytes:
    """An ICMP echo request; the kernel computes the checksum of ICMPv6 by itself."""
    kind = ECHO6 if is_v6 else ECHO4
    body = struct.pack("!HH", 0x7761, 1) + b"leak"
    checksum = 0
    if not is_v6:
        total = sum(struct.unpack("!6H", struct.pack("!BBH", kind, 0, 0) + body))
        checksum = ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF
    return struct.pack("!BBH", kind, 0, checksum) + body


class Sender:
    """One service: its namespace as soon as there is one, and sockets in it."""

    def __init__(self, wish: dict[str, Any]) -> None:
        self.name, self.path, self.sinks = wish["name"], wish["netns"], wish["sinks"]
        self.space: tuple[int, int] | None = None
        self.file = -1
        self.datagrams: dict[int, socket.socket] = {}
        self.echoes: dict[int, socket.socket] = {}
        self.tried = self.sent = self.turn = 0

    def look(self) -> None:
        """Notice that the namespace appeared, was replaced or went away."""
        try:
            found = os.stat(self.path)
        except OSError:
            self.leave()
            return
        if (found.st_dev, found.st_ino) == self.space:
            return
        self.leave()
        self.arrive((found.st_dev, found.st_ino))

    def arrive(self, space: tuple[int, int]) -> None:
        """Open sockets in a new namespace; a name that is not one yet is looked at again soon."""
        try:
            self.file = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
            self.enter()
        except OSError:
            self.leave()
            return
        self.space = space
        for family, protocol in ((socket.AF_INET, socket.IPPROTO_ICMP), (socket.AF_INET6, socket.IPPROTO_ICMPV6)):
            self.datagrams[family] = socket.socket(family, socket.SOCK_DGRAM | NONBLOCK)
            try:
                self.echoes[family] = socket.socket(family, socket.SOCK_RAW | NONBLOCK, protocol)
            except OSError:
                continue  # not permitted here: the other protocols remain

    def enter(self) -> None:
        if LIBC.setns(self.file, CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), self.path)

    def leave(self) -> None:
        """Let go of a namespace, which cannot end while we hold it."""
        for sock in (*self.datagrams.values(), *self.echoes.values()):
            sock.close()
        if self.file >= 0:
            os.close(self.file)
        self.datagrams, self.echoes, self.space, self.file = {}, {}, None, -1

    def send(self) -> None:
        """One round to one sink of each family: a datagram, a DNS question, an echo request, a SYN."""
        if self.space is None:
            return
        for family, sinks in ((socket.AF_INET, self.sinks["ipv4"]), (socket.AF_INET6, self.sinks["ipv6"])):
            if sinks:
                sink = sinks[self.turn % len(sinks)]
                self.datagram(self.datagrams.get(family), self.name.encode(), (sink, 4000))
                self.datagram(self.datagrams.get(family), DNS, (sink, 53))
                self.datagram(self.echoes.get(family), echo(family == socket.AF_INET6), (sink, 0))
                self.syn(family, sink)
        self.turn += 1

    def datagram(self, sock: socket.socket | None, text: bytes, where: tuple[str, int]) -> None:
        if sock is None:
            return
        self.tried += 1
        try:
            sock.sendto(text, where)
            self.sent += 1
        except OSError:
            pass  # no route, no address yet, refused by a rule: what should not leave did not

    def syn(self, family: int, sink: str) -> None:
        """A connection that is given up as soon as its first packet is out."""
        self.tried += 1
        try:
            self.enter()
            with socket.socket(family, socket.SOCK_STREAM | NONBLOCK) as sock:
                self.sent += sock.connect_ex((sink, 443)) in (0, errno.EINPROGRESS)
        except OSError:
            pass


def ended(seconds: float) -> bool:
    """Wait; true when stdin has ended."""
    return bool(select.select([0], [], [], max(0.0, seconds))[0]) and not os.read(0, 4096)


def run(senders: list[Sender], interval: float) -> None:
    """Look for namespaces every few milliseconds, send every `interval`, until stdin ends."""
    due = time.monotonic()
    while True:
        now = time.monotonic()
        for sender in senders:
            sender.look()
        if now >= due:
            for sender in senders:
                sender.send()
            due = max(due + interval, now)
        if ended(min(POLL, due - time.monotonic())):
            return


def main() -> None:
    """Send until told to end."""
    line = b""
    while not line.endswith(b"\n") and (part := os.read(0, 1)):
        line += part
    plan = json.loads(line)
    senders = [Sender(wish) for wish in plan["senders"]]
    run(senders, plan["interval"])
    by = {s.name: s.sent for s in senders}
    sys.stderr.write(json.dumps({"tried": sum(s.tried for s in senders), "sent": sum(by.values()), "by": by}) + "\n")


if __name__ == "__main__":
    main()
