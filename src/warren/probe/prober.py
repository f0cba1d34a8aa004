"""Sends many questions from many network namespaces at once and writes down what came back.

In: JSON on stdin: `window` and `probes`, each {id, netns, address, port, protocol, timeout, payload}. Out: JSON on
stdout: `results`, each {id, answer, error, connected, ms}. Never imports anything of ours: it runs as `python -I -S
prober.py`.
"""

from __future__ import annotations

import ctypes
import errno
import heapq
import json
import os
import resource
import select
import socket
import sys
import time
from collections.abc import Iterable, Iterator
from typing import Any

CLONE_NEWNET = 0x40000000
RESEND = 0.25
RESERVED_FILES = 64
LIBC = ctypes.CDLL(None, use_errno=True)

# what a refused or unreachable destination is called in the results
ERRORS = {
    errno.ECONNREFUSED: "refused",
    errno.ECONNRESET: "reset",
    errno.EPIPE: "reset",
    errno.EHOSTUNREACH: "unreachable",
    errno.ENETUNREACH: "unreachable",
    errno.EADDRNOTAVAIL: "unreachable",
    errno.EACCES: "prohibited",
    errno.EPERM: "prohibited",
    errno.ETIMEDOUT: "timeout",
}


def word(number: int) -> str:
    """One word for an error of the kernel."""
    return ERRORS.get(number) or errno.errorcode.get(number, str(number)).lower()


def parse(line: bytes) -> dict[str, Any] | None:
    """The JSON object in an answer's first line; None for anything else."""
    try:
        found = json.loads(line.split(b"\n", 1)[0])
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


class Attempt:
    """One question under way."""

    __slots__ = ("probe", "sock", "begun", "connected", "received")

    def __init__(self, probe: dict[str, Any], sock: socket.socket, begun: float) -> None:
        self.probe = probe
        self.sock = sock
        self.begun = begun
        self.connected = False
        self.received = b""

    @property
    def is_tcp(self) -> bool:
        return bool(self.probe["protocol"] == "tcp")


class Prober:
    """All attempts of one run: one thread, one epoll, at most `window` sockets at a time."""

    def __init__(self, window: int) -> None:
        self.window = window
        self.epoll = select.epoll()
        self.open: dict[int, Attempt] = {}
        self.clock: list[tuple[float, int, int, bool]] = []
        self.results: list[dict[str, Any]] = []
        self.spaces: dict[str, int] = {}
        self.inside = ""

    def run(self, probes: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """Ask everything; the order of the results is that in which they ended."""
        waiting: Iterator[dict[str, Any]] = iter(probes)
        more = True
        while more or self.open:
            # a handful between two looks, so that an early answer is not read late
            for _ in range(min(64, self.window - len(self.open)) if more else 0):
                probe = next(waiting, None)
                if probe is None:
                    more = False
                    break
                self.begin(probe)
            self.look(0.0 if more and len(self.open) < self.window else self.pause())
            self.expire()
        return self.results

    def enter(self, path: str) -> None:
        """Move this thread into a namespace; sockets opened from here on belong to it."""
        if path == self.inside:
            return
        if path not in self.spaces:
            self.spaces[path] = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        if LIBC.setns(self.spaces[path], CLONE_NEWNET) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), path)
        self.inside = path

    def begin(self, probe: dict[str, Any]) -> None:
        """Open a socket in the probe's namespace and send the first packet."""
        now = time.monotonic()
        try:
            self.enter(probe["netns"])
        except OSError:
            self.results.append(result(probe, "absent", now))
            return
        family = socket.AF_INET6 if ":" in probe["address"] else socket.AF_INET
        kind = socket.SOCK_STREAM if probe["protocol"] == "tcp" else socket.SOCK_DGRAM
        sock = socket.socket(family, kind | socket.SOCK_NONBLOCK)
        attempt = Attempt(probe, sock, now)
        self.open[sock.fileno()] = attempt
        failed = sock.connect_ex((probe["address"], probe["port"]))
        if failed not in (0, errno.EINPROGRESS):
            self.end(attempt, word(failed))
            return
        self.epoll.register(sock, select.EPOLLOUT if attempt.is_tcp else select.EPOLLIN)
        deadline = now + probe["timeout"]
        if not attempt.is_tcp:
            self.send(attempt)
            self.at(min(now + RESEND, deadline), attempt, now + RESEND >= deadline)
        else:
            self.at(deadline, attempt, True)

    def at(self, when: float, attempt: Attempt, last: bool) -> None:
        if attempt.sock.fileno() >= 0:
            heapq.heappush(self.clock, (when, attempt.probe["id"], attempt.sock.fileno(), last))

    def send(self, attempt: Attempt) -> None:
        try:
            attempt.sock.send(attempt.probe.get("payload", "?\n").encode("latin-1"))
        except OSError as problem:
            if problem.errno != errno.EAGAIN:
                self.end(attempt, word(problem.errno or 0))

    def look(self, seconds: float) -> None:
        """Read what has come."""
        for fd, _ in self.epoll.poll(seconds):
            attempt = self.open.get(fd)
            if attempt is not None:
                self.turn(attempt)

    def turn(self, attempt: Attempt) -> None:
        """A socket has something: the connection, an answer or an error."""
        try:
            if attempt.is_tcp and not attempt.connected:
                failed = attempt.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if failed:
                    self.end(attempt, word(failed))
                    return
                attempt.connected = True
                self.epoll.modify(attempt.sock, select.EPOLLIN)
                self.send(attempt)
                return
            self.read(attempt)
        except OSError as problem:
            if problem.errno != errno.EAGAIN:
                self.end(attempt, word(problem.errno or 0))

    def read(self, attempt: Attempt) -> None:
        """One line answers; a stream that ends before it does not."""
        part = attempt.sock.recv(4096)
        attempt.received += part
        if b"\n" in attempt.received or not part or not attempt.is_tcp:
            self.end(attempt, None if parse(attempt.received) else "no answer")

    def pause(self) -> float:
        return max(0.0, self.clock[0][0] - time.monotonic()) + 0.001 if self.clock else 0.05

    def expire(self) -> None:
        """Send the second datagram of those that are silent, and give up on those whose time is over."""
        now = time.monotonic()
        while self.clock and self.clock[0][0] <= now:
            _, name, fd, last = heapq.heappop(self.clock)
            attempt = self.open.get(fd)
            if attempt is None or attempt.probe["id"] != name:
                continue
            if last:
                self.end(attempt, "timeout")
            else:
                self.send(attempt)
                self.at(attempt.begun + attempt.probe["timeout"], attempt, True)

    def end(self, attempt: Attempt, error: str | None) -> None:
        """Write the result down and let the socket go."""
        fd = attempt.sock.fileno()
        if self.open.pop(fd, None) is None:
            return
        answer = parse(attempt.received)
        self.results.append(result(attempt.probe, None if answer else error, attempt.begun, answer, attempt.connected))
        attempt.sock.close()  # leaves the epoll by itself


def result(
    probe: dict[str, Any],
    error: str | None,
    begun: float,
    answer: dict[str, Any] | None = None,
    connected: bool = False,
) -> dict[str, Any]:
    """The line that the caller gets for one probe."""
    spent = round((time.monotonic() - begun) * 1000, 1)
    return {"id": probe["id"], "answer": answer, "error": error, "connected": connected, "ms": spent}


def files() -> int:
    """As many sockets as the limit on open files allows, after it was raised as far as it goes."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65536 if hard == resource.RLIM_INFINITY else hard
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return max(16, wanted - RESERVED_FILES)


def main() -> None:
    """Ask everything in the plan."""
    plan = json.load(sys.stdin)
    spaces = len({p["netns"] for p in plan["probes"]})
    prober = Prober(max(1, min(int(plan.get("window", 2000)), files() - spaces)))
    # by namespace: entering one costs more than opening a socket
    probes = sorted(plan["probes"], key=lambda p: str(p["netns"]))
    json.dump({"results": prober.run(probes)}, sys.stdout)


if __name__ == "__main__":
    main()
