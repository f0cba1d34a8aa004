"""Connections that are made while something else is worked out.

In: hosts. Out: nothing; the first script of each finds its connection, or the reason why there is none. Never waits.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable

from warren.hosts.base import Connecting, Host


def connect(hosts: Iterable[Host]) -> None:
    """All at once, in threads of their own."""
    for host in hosts:
        if isinstance(host, Connecting):
            threading.Thread(target=host.connect, daemon=True).start()
