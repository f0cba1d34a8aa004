"""What names of the Internet lead to, as this machine is told.

In: names. Out: their addresses, none where a name is not known. Never waits for one name while others could be asked.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address

from warren.probe.ground import Address


def addresses(names: Iterable[str]) -> dict[str, tuple[Address, ...]]:
    """The addresses of every name; of one with a star those of a name below it."""
    asked = tuple(dict.fromkeys(names))
    with ThreadPoolExecutor(max_workers=16) as pool:
        return dict(zip(asked, pool.map(_addresses, asked), strict=True))


def _addresses(name: str) -> tuple[Address, ...]:
    try:
        found = socket.getaddrinfo(name.replace("*.", "any."), None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    return tuple(sorted({ip_address(one[4][0]) for one in found}, key=lambda one: (one.version, int(one))))
