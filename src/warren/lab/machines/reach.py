"""The operator's first step: a connection out of a place of the lab, handed to ssh.

In: a network namespace, an address, a port. Out: one connected socket, through standard output. Never carries a byte
itself.
"""

from __future__ import annotations

import socket
import sys

from warren.lab import kernel

PATIENCE = 15.0


def main(arguments: list[str]) -> None:
    """`reach NAMESPACE ADDRESS PORT`, as ssh runs it with ProxyUseFdpass."""
    namespace, address, port = arguments
    kernel.enter(namespace)
    try:
        found = socket.create_connection((address, int(port)), PATIENCE)
    except OSError as refused:
        sys.exit(f"ssh: connect to host {address} port {port}: {refused.strerror or 'Connection timed out'}")
    found.settimeout(None)
    with found, socket.socket(fileno=1) as asking:
        socket.send_fds(asking, [b"\0"], [found.fileno()])


if __name__ == "__main__":
    main(sys.argv[1:])
