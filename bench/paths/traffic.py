"""Traffic of the standard library alone: `serve PORT`, `ask`, `connect` and `flood ADDRESS PORT... SECONDS`.

In: a place to stand in, as it runs by itself there. Out: a rate on stdout. Never imports anything of warren.
"""

from __future__ import annotations

import os
import socket
import struct
import sys
import time
from collections.abc import Callable

QUESTION = b"q" * 64


def serve(port: int) -> None:
    """Echo whatever comes, one connection after the other, as a daemon that listens before its starter returns."""
    listener = socket.create_server(("0.0.0.0", port), backlog=4096)
    if os.fork():
        return
    os.setsid()
    while True:
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(3)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                while heard := connection.recv(4096):
                    connection.sendall(heard)
            except OSError:
                continue


def ask(address: str, port: int, seconds: float) -> float:
    """Questions answered in a second on one connection."""
    with socket.create_connection((address, port), timeout=3) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _exchange(connection)
        return undisturbed(lambda: _exchange(connection), 50, seconds)


def connect(address: str, port: int, seconds: float) -> float:
    """Connections in a second, each with one question, one after the other."""
    return undisturbed(lambda: _connection(address, port), 10, seconds)


def _connection(address: str, port: int) -> None:
    with socket.create_connection((address, port), timeout=3) as connection:
        _exchange(connection)
        # Ended at once, or every port of the client would soon wait out its minute and searching a free one be all.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def undisturbed(act: Callable[[], object], batch: int, seconds: float) -> float:
    """Acts in a second, by the batch that one of ten surpassed: other work on the machine only ever slows."""
    times = []
    ending = time.perf_counter() + seconds
    while (began := time.perf_counter()) < ending:
        for _ in range(batch):
            act()
        times.append(time.perf_counter() - began)
    return batch / sorted(times)[len(times) // 10]


def flood(address: str, ports: list[int], seconds: float) -> float:
    """Small datagrams sent in a second, to each port in turn."""
    lines = []
    for port in ports:
        line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        line.connect((address, port))
        lines.append(line.send)
    return len(lines) * undisturbed(lambda: [send(QUESTION) for send in lines], 50, seconds)


def swallow(ports: list[int]) -> None:
    """Take datagrams on these ports and read none, as a daemon: the kernel counts those that arrive."""
    lines = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in ports]
    for line, port in zip(lines, ports, strict=True):
        line.bind(("0.0.0.0", port))
    if os.fork():
        return
    os.setsid()
    while True:
        time.sleep(3600)


def _exchange(connection: socket.socket) -> None:
    connection.sendall(QUESTION)
    heard = 0
    while heard < len(QUESTION):
        part = connection.recv(4096)
        if not part:
            raise ConnectionError("the other end hung up")
        heard += len(part)


def main() -> None:
    """Do as the first word says."""
    what, *words = sys.argv[1:]
    if what == "serve":
        serve(int(words[0]))
    elif what == "swallow":
        swallow([int(word) for word in words])
    elif what == "flood":
        print(flood(words[0], [int(word) for word in words[1:-1]], float(words[-1])))
    else:
        print((ask if what == "ask" else connect)(words[0], int(words[1]), float(words[2])))


if __name__ == "__main__":
    main()
