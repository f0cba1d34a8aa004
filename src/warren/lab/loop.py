"""One thread that waits for many sockets: what the stand-ins are served from.

In: sockets with what to call when they are ready, and calls for later. Out: those calls. Never knows what is sent.
"""

from __future__ import annotations

import heapq
import itertools
import selectors
import socket
import time
from collections.abc import Callable
from typing import TypeAlias

READ = selectors.EVENT_READ
WRITE = selectors.EVENT_WRITE
Ready: TypeAlias = Callable[[int], None]


class Loop:
    """Ready sockets and due times, in turn, for ever."""

    def __init__(self) -> None:
        self._waiting = selectors.DefaultSelector()
        self._later: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()

    def watch(self, watched: socket.socket, events: int, ready: Ready) -> None:
        """Call `ready` with the events that came; no events forget the socket."""
        known = watched.fileno() in self._waiting.get_map()
        if not events:
            if known:
                self._waiting.unregister(watched)
        elif known:
            self._waiting.modify(watched, events, ready)
        else:
            self._waiting.register(watched, events, ready)

    def forget(self, watched: socket.socket) -> None:
        """Stop watching a socket and close it."""
        if watched.fileno() >= 0:
            self.watch(watched, 0, lambda _: None)
            watched.close()

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        """Call once, when this time has passed."""
        heapq.heappush(self._later, (time.monotonic() + seconds, next(self._order), call))

    def turn(self) -> None:
        """Wait for the next event or due time, and do what it asks."""
        timeout = max(0.0, self._later[0][0] - time.monotonic()) if self._later else None
        for key, events in self._waiting.select(timeout):
            # An earlier call of this round may have closed it.
            if key.fd in self._waiting.get_map():
                key.data(events)
        while self._later and self._later[0][0] <= time.monotonic():
            heapq.heappop(self._later)[2]()

    def run(self) -> None:
        """Turn for ever."""
        while True:
            self.turn()
