"""Bytes that are carried from one connection to another, or back to where they came from.

In: connections. Out: the same bytes in the same order, then the same end. Never holds more than a quarter of a megabyte
for a receiver that is slow.
"""

from __future__ import annotations

import socket
from contextlib import suppress

from warren.lab.loop import READ, WRITE, Loop

FULL = 256 * 1024
CHUNK = 64 * 1024


class Stream:
    """One connection; what it says goes to `other`, which is itself where it is to hear an echo."""

    def __init__(self, loop: Loop, connection: socket.socket, connecting: bool = False) -> None:
        self.loop, self.connection, self.connecting = loop, connection, connecting
        self.other = self
        self.unsent = bytearray()
        # It has said everything; it was told that nothing more comes.
        self.silent = self.told = False

    def start(self) -> None:
        self._watch()

    def say(self, part: bytes) -> None:
        """Send, now or when the receiver is ready."""
        self.unsent += part
        self._watch()

    def _watch(self) -> None:
        if self.connection.fileno() < 0:
            return
        hears = not self.silent and not self.connecting and len(self.other.unsent) < FULL
        events = (READ if hears else 0) | (WRITE if self.unsent or self.connecting else 0)
        self.loop.watch(self.connection, events, self._ready)

    def _ready(self, events: int) -> None:
        try:
            if events & WRITE:
                self._write()
            if events & READ and not self.silent:
                self._read()
        except OSError:
            self._end()
            return
        self._settle()

    def _write(self) -> None:
        if self.connecting:
            self.connecting = False
            if number := self.connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                raise OSError(number, "not connected")
        with suppress(BlockingIOError):
            sent = self.connection.send(self.unsent)
            del self.unsent[:sent]

    def _read(self) -> None:
        with suppress(BlockingIOError):
            part = self.connection.recv(CHUNK)
            self.silent = not part
            self.other.unsent += part

    def _settle(self) -> None:
        """Pass on an end that has been reached; when both have ended, close both."""
        for stream in (self, self.other):
            if stream.other.silent and not stream.unsent and not stream.told and not stream.connecting:
                stream.told = True
                with suppress(OSError):
                    stream.connection.shutdown(socket.SHUT_WR)
        if self.told and self.other.told:
            self._end()
        else:
            self._watch()
            self.other._watch()

    def _end(self) -> None:
        self.loop.forget(self.connection)
        self.loop.forget(self.other.connection)


def join(one: Stream, other: Stream) -> None:
    """Carry what each says to the other."""
    one.other, other.other = other, one
    one.start()
    other.start()
