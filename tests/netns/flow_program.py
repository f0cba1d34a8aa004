"""Connections that are held while the network changes.

As a server it echoes lines over TCP and UDP; as a client it holds flows, sends a line on each every 10 ms, and says
what became of them when it is asked. Ends with its standard input. Runs as `python -I -S`: it imports nothing of ours.
"""

from __future__ import annotations

import json
import selectors
import socket
import sys
import time
from typing import Any

INTERVAL = 0.01


def family(address: str) -> int:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def serve(ports: list[str]) -> None:
    """Echoes on each `80/tcp` or `53/udp`, in both families."""
    ready = selectors.DefaultSelector()
    for each in ports:
        port, protocol = each.split("/")
        kind = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
        for version in (socket.AF_INET, socket.AF_INET6):
            sock = socket.socket(version, kind)
            if version == socket.AF_INET6:
                sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind(("", int(port)))
            if kind == socket.SOCK_STREAM:
                sock.listen()
            ready.register(sock, selectors.EVENT_READ, "listen" if kind == socket.SOCK_STREAM else "datagram")
    ready.register(sys.stdin, selectors.EVENT_READ, "end")
    print("ready", flush=True)
    while True:
        for key, _ in ready.select():
            if key.data == "end":
                return
            answer(ready, key)


def answer(ready: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
    sock: Any = key.fileobj
    if key.data == "listen":
        ready.register(sock.accept()[0], selectors.EVENT_READ, "stream")
        return
    try:
        if key.data == "datagram":
            text, where = sock.recvfrom(2048)
            sock.sendto(text, where)
        elif text := sock.recv(2048):
            sock.sendall(text)
        else:
            raise OSError
    except OSError:
        if key.data == "stream":
            ready.unregister(sock)
            sock.close()


class Flow:
    """One held flow: when the last line came back, the longest silence, and the error that ended it."""

    def __init__(self, address: str, port: int, protocol: str) -> None:
        kind = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
        self.sock = socket.socket(family(address), kind)
        self.sock.settimeout(3)
        self.error: str | None = None
        self.answers, self.gap, self.last = 0, 0.0, time.monotonic()
        try:
            self.sock.connect((address, port))
        except OSError as error:
            self.error = type(error).__name__
        self.sock.setblocking(False)
        self.last = time.monotonic()

    def send(self) -> None:
        if self.error:
            return
        try:
            self.sock.send(b"line\n")
        except BlockingIOError:
            pass
        except OSError as error:
            self.fail(error)

    def receive(self) -> None:
        try:
            while not self.error:
                if not self.sock.recv(65536):
                    self.error = "closed"
                now = time.monotonic()
                self.gap, self.last, self.answers = max(self.gap, now - self.last), now, self.answers + 1
        except BlockingIOError:
            pass
        except OSError as error:
            self.fail(error)

    def fail(self, error: OSError) -> None:
        # A datagram's error is the answer to one packet; the flow goes on.
        if self.sock.type == socket.SOCK_STREAM:
            self.error = type(error).__name__


def hold(flows: list[Flow]) -> None:
    """Sends on every flow until standard input ends; a line of input asks for a report."""
    ready = selectors.DefaultSelector()
    ready.register(sys.stdin, selectors.EVENT_READ)
    print("ready", flush=True)
    while True:
        for flow in flows:
            flow.send()
        if ready.select(INTERVAL) and not report(flows):
            return
        for flow in flows:
            flow.receive()


def report(flows: list[Flow]) -> bool:
    """Writes what became of the flows since the last report; false at the end of the input."""
    line = sys.stdin.readline()
    now = time.monotonic()
    found = [[flow.answers, max(flow.gap, now - flow.last), now - flow.last, flow.error] for flow in flows]
    for flow in flows:
        flow.answers, flow.gap = 0, 0.0
    if line:
        print(json.dumps(found), flush=True)
    return bool(line)


def main(role: str, *given: str) -> None:
    if role == "serve":
        serve(list(given))
    else:
        asked = (each.split("|") for each in given)
        hold([Flow(address, int(port), protocol) for address, port, protocol in asked])


if __name__ == "__main__":
    main(*sys.argv[1:])
