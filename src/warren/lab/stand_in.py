"""What answers in place of the declared services: one process of the lab for all of them.

In: one JSON line on a socket among the lab's files, saying who listens where (see `listeners.py`). Out: one JSON line
of what listens now, and answers at those ports. Never cuts a connection because something else changed.
"""

from __future__ import annotations

import json
import os
import resource
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, NoReturn, TypeAlias

from warren.lab import kernel
from warren.lab.answers import Answering, listen
from warren.lab.keeper import FILES, read_line, uid_of
from warren.lab.loop import READ, Loop
from warren.lab.streams import Stream, join

SOCKET = "stand-in.sock"
# Namespaces that are made, or made anew, while nobody calls.
LOOK_AGAIN = 0.5

# Path of the namespace, protocol, port, and the one address where it is not all of them.
Key: TypeAlias = tuple[str, str, int, str | None]


class StandIns:
    """All ports of all places."""

    def __init__(self, loop: Loop) -> None:
        self.loop = loop
        self.home = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        self.wanted: dict[str, Any] = {"listeners": [], "relays": []}
        self.open: dict[Key, socket.socket] = {}
        # Which namespace a path meant when its sockets were opened.
        self.meant: dict[str, tuple[int, int] | None] = {}

    def want(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """Listen where it is wanted and nowhere else; what stays is not touched."""
        self.wanted = wanted
        self._forget_renewed()
        asked = {**dict(self._listeners()), **dict(self._relays())}
        for key in set(self.open) - set(asked):
            self._close(key)
        failed = [trouble for path in {key[0] for key in asked} for trouble in self._open_all(path, asked)]
        missing = sorted({each["service"] for each in wanted["listeners"] if not self.meant.get(each["netns"])})
        return {"open": len(self.open), "missing": missing, "failed": failed}

    def _listeners(self) -> Iterator[tuple[Key, dict[str, Any]]]:
        for each in self.wanted["listeners"]:
            for first, last in each["ports"]:
                for port in range(first, last + 1):
                    if port not in each.get("taken", ()):
                        yield (each["netns"], "tcp", port, None), each
                    yield (each["netns"], "udp", port, None), each

    def _relays(self) -> Iterator[tuple[Key, dict[str, Any]]]:
        for each in self.wanted["relays"]:
            for at in ("127.0.0.1", "::1"):
                yield (each["netns"], "tcp", each["listen"], at), each

    def _forget_renewed(self) -> None:
        """Sockets of a namespace that is gone, or that another has taken the name of, are of no use."""
        for path, before in list(self.meant.items()):
            if identity(path) != before:
                del self.meant[path]
                for key in [key for key in self.open if key[0] == path]:
                    self._close(key)

    def _close(self, key: Key) -> None:
        self.loop.forget(self.open.pop(key))

    def _open_all(self, path: str, asked: dict[Key, dict[str, Any]]) -> list[str]:
        """Open what is asked for in one namespace; returns what the kernel refused."""
        failed: list[str] = []
        fresh = {key: each for key, each in asked.items() if key[0] == path and key not in self.open}
        self.meant[path] = identity(path)
        if not fresh or not self.meant[path]:
            return failed
        with self._inside(path):
            for key, each in fresh.items():
                try:
                    self._open(key, each)
                except OSError as refused:
                    failed.append(f"{each['service']} {key[2]}/{key[1]}: {refused.strerror}")
        return failed

    def _open(self, key: Key, each: dict[str, Any]) -> None:
        _, protocol, port, at = key
        listening = self.open[key] = listen(protocol, port, at)
        if at is None:
            Answering(self.loop, listening, each["service"], port).start()
        else:
            self.loop.watch(listening, READ, lambda _: self._relay(listening, each))

    @contextmanager
    def _inside(self, path: str) -> Iterator[None]:
        """Be in another network namespace; sockets that are opened there stay there."""
        kernel.enter(path)
        try:
            yield
        finally:
            kernel.setns(self.home, kernel.NEWNET)

    def _relay(self, listening: socket.socket, each: dict[str, Any]) -> None:
        """Carry one connection to its target, from where the host's own carrier would."""
        with suppress(OSError):
            caller, _ = listening.accept()
            caller.setblocking(False)
            try:
                target = self._towards(each, listening.family)
            except OSError:
                caller.close()
                return
            join(Stream(self.loop, caller), Stream(self.loop, target, connecting=True))

    def _towards(self, each: dict[str, Any], family: socket.AddressFamily) -> socket.socket:
        with self._inside(each["from"]):
            target = socket.socket(family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        with suppress(BlockingIOError):
            target.connect((each["v4" if family == socket.AF_INET else "v6"], each["port"]))
        return target

    def look_again(self) -> None:
        """Follow namespaces that came or went."""
        if any(identity(path) != before for path, before in self.meant.items()):
            self.want(self.wanted)
        self.loop.later(LOOK_AGAIN, self.look_again)


def identity(path: str) -> tuple[int, int] | None:
    """Which namespace a path means now; a name whose mount is gone means none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found.st_dev == os.stat("/proc/self/ns/net").st_dev else None


def control(loop: Loop, stand_ins: StandIns, door: socket.socket) -> None:
    """Answer one caller of the lab's own user."""
    caller, _ = door.accept()
    with caller, suppress(OSError):
        caller.settimeout(10)
        if uid_of(caller) == os.getuid() and (asked := read_line(caller)):
            caller.sendall(json.dumps(answer(stand_ins, asked)).encode() + b"\n")


def answer(stand_ins: StandIns, asked: bytes) -> dict[str, Any]:
    """What listens now, or the trouble that was met."""
    try:
        return stand_ins.want(json.loads(asked))
    except Exception as trouble:
        return {"error": str(trouble) or repr(trouble)}


def main(arguments: list[str]) -> NoReturn:
    """Serve until the lab ends."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    loop = Loop()
    stand_ins = StandIns(loop)
    path = f"{FILES}/{SOCKET}"
    with suppress(FileNotFoundError):
        os.unlink(path)
    door = socket.socket(socket.AF_UNIX)
    door.bind(path)
    door.listen(16)
    loop.watch(door, READ, lambda _: control(loop, stand_ins, door))
    stand_ins.look_again()
    loop.run()
    raise AssertionError("a loop does not end")


if __name__ == "__main__":
    main(sys.argv[1:])
