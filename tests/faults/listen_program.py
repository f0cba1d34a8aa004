"""Listens at one address and port until it is killed, and greets whoever comes.

In: a file to make when it listens, protocol, address, port; `full` leaves no room for another connection. Out: a line
to everybody. Never imports anything of ours: it runs as `python3 -I -S listen_program.py`.
"""

from __future__ import annotations

import contextlib
import socket
import sys
import time


def main() -> None:
    """Listen."""
    ready, protocol, address, port, *more = sys.argv[1:]
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    kind = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
    listening = socket.socket(family, kind)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    listening.bind((address, int(port)))
    if kind == socket.SOCK_STREAM:
        listening.listen(0 if "full" in more else 16)
    waiting = [connected(address, int(port)) for _ in range(3 if "full" in more else 0)]
    with open(ready, "w"):
        pass
    while waiting or kind == socket.SOCK_DGRAM:
        time.sleep(1)
    while True:
        one, _ = listening.accept()
        with contextlib.suppress(OSError):
            one.sendall(b"hello\n")
        one.close()


def connected(address: str, port: int) -> socket.socket:
    """A connection that nobody accepts."""
    one = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    one.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        one.connect(("127.0.0.1" if address == "0.0.0.0" else address, port))
    return one


if __name__ == "__main__":
    main()
