"""The one process of a lab: PID 1 of its own namespaces, the small Internet's core router, holder of the lab's files.

In: a listening socket made by the caller before these namespaces were, and requests on it (one JSON line each). Out:
one JSON line each. Never writes outside its own tmpfs; when it ends, however it ends, nothing of the lab is left.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import socket
import struct
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NoReturn

from warren.lab import anchors, kernel

# The lab's own files, on a tmpfs of the keeper's mount namespace.
FILES = "/run/warren-lab"


class Keeper:
    """What PID 1 knows: where each place is."""

    def __init__(self, door: socket.socket) -> None:
        self.door = door
        self.places = {anchors.CORE: os.getpid()}
        self.machines: set[str] = set()
        # Anchors read from one end for as long as the other is open: as long as this process lives.
        self.lifeline, self._held = os.pipe()

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Do what one request asks."""
        match request["do"]:
            case "change":
                self.change(request)
                return {"places": self.places}
            case "configure":
                self.configure(request["lines"], request["rules"])
                return {}
            case "spawn":
                return {"pid": spawn(request["name"], request["argv"])}
            case other:
                raise ValueError(f"the keeper knows no request {other!r}")

    def change(self, wanted: dict[str, Any]) -> None:
        """Bring the places from one blueprint to the next; the order is that of `blueprint.Change`."""
        anchors.cut(wanted["cut"], self.places)
        anchors.end(self.places.pop(tag) for tag in wanted["end"] if tag in self.places)
        anchors.wait_until_gone(wanted["vanish"])
        if anchors.CORE in wanted["sysctls"]:
            anchors.set_sysctls(wanted["sysctls"][anchors.CORE])
        self.places |= anchors.begin(wanted["begin"], self.lifeline)
        self.machines -= set(wanted["end"])
        self.machines |= {stand["tag"] for stand in wanted["begin"] if stand["disk"]}
        for stand in wanted["begin"]:
            with suppress(FileNotFoundError):
                os.unlink(lines_file(stand["tag"]))
        anchors.wire(wanted["wires"], self.places)
        self.configure(wanted["lines"], wanted["rules"])

    def configure(self, lines: Mapping[str, Sequence[str]], rules: Mapping[str, str]) -> None:
        """Give places their addresses and rules; machines find theirs again when they reboot."""
        for tag in self.machines & set(lines):
            with open(lines_file(tag), "a") as file:
                file.writelines(f"{line}\n" for line in lines[tag])
        anchors.configure(lines, rules, self.places)

    def serve(self, lifetime: int | None) -> NoReturn:
        """Answer until told to end; with a `lifetime`, until its writer is gone too."""
        signal.signal(signal.SIGCHLD, lambda *_: anchors.reap())
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
        waiting = selectors.DefaultSelector()
        waiting.register(self.door, selectors.EVENT_READ, self.receive)
        if lifetime is not None:
            waiting.register(lifetime, selectors.EVENT_READ, lambda: os._exit(0))
        while True:
            for key, _ in waiting.select():
                key.data()

    def receive(self) -> None:
        """Answer one caller; whoever is not the lab's own user hears nothing."""
        caller, _ = self.door.accept()
        with caller, suppress(OSError):
            caller.settimeout(10)
            if uid_of(caller) != os.getuid():
                return
            caller.sendall(json.dumps(self.reply(read_line(caller))).encode() + b"\n")
        # What ended during the request was nobody's to reap.
        anchors.reap()

    def reply(self, line: bytes) -> dict[str, Any]:
        """The answer to one line, or the trouble that it met."""
        try:
            with children_left_to_callers():
                return self.answer(json.loads(line))
        except Exception as trouble:
            return {"error": str(trouble) or repr(trouble)}


def lines_file(tag: str) -> str:
    """Where the `ip` lines of a machine are kept for its next boot."""
    return f"{FILES}/{tag.replace(':', '-')}.lines"


@contextmanager
def children_left_to_callers() -> Iterator[None]:
    """While a request waits for its own children, they are not reaped from under it."""
    before = signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGCHLD, before)


def spawn(name: str, argv: list[str]) -> int:
    """Start a program of the lab itself, in the core's namespaces, that nobody waits for; its errors go to a file."""
    null = os.open(os.devnull, os.O_RDWR)
    errors = os.open(f"{FILES}/{name}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    streams = [(os.POSIX_SPAWN_DUP2, null, 0), (os.POSIX_SPAWN_DUP2, null, 1), (os.POSIX_SPAWN_DUP2, errors, 2)]
    try:
        return os.posix_spawn(argv[0], argv, os.environ, file_actions=streams)
    finally:
        os.close(null)
        os.close(errors)


def uid_of(peer: socket.socket) -> int:
    """The user at the other end, as this user namespace sees it."""
    credentials = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _, uid, _ = struct.unpack("3i", credentials)
    return int(uid)


def read_line(peer: socket.socket) -> bytes:
    """What the caller sent, up to its line's end."""
    with peer.makefile("rb") as stream:
        return stream.readline()


def main(arguments: list[str]) -> NoReturn:
    """`keeper DOOR LIFETIME NAME`: descriptors of the socket and of a pipe (or -)."""
    door, lifetime = arguments[:2]
    os.set_inheritable(int(door), False)
    if lifetime != "-":
        os.set_inheritable(int(lifetime), False)
    kernel.tmpfs("/run")
    os.mkdir(FILES, 0o700)
    os.dup2(os.open(f"{FILES}/keeper.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), 2)
    listening = socket.socket(fileno=int(door))
    # Only now: the socket's credentials are those of the process that listens, which is how the lab is found.
    listening.listen(16)
    Keeper(listening).serve(None if lifetime == "-" else int(lifetime))


if __name__ == "__main__":
    main(sys.argv[1:])
