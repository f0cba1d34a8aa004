"""One running session: a child of ours whose standard streams lead to the loop at the other end.

In: the words of a command, then scripts. Out: what each script said, or why that is not known. Never sends a script
twice.
"""

from __future__ import annotations

import math
import os
import re
import selectors
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO

from warren.hosts.base import Result
from warren.hosts.ssh.remote import CUT_OFF, HELLO, STOPPED, parcel

PIECE = 1 << 16
MARKER = 64
# A child that is dead may leave streams open that others hold; so often we look.
TICK = 0.5
FAREWELL = 2.0


class Lost(Exception):
    """The session ended early. `begun` is false where the script certainly never ran; `said` are its last words.

    `late` where time ran out, `stopped` where the other end stopped the script for that.
    """

    def __init__(self, said: str, begun: bool = False, late: bool = False, stopped: bool = False) -> None:
        self.said, self.begun, self.late, self.stopped = said, begun, late, stopped
        super().__init__(said)


def environment() -> Mapping[str, str]:
    """The caller's own, with messages in English, and nobody to ask: several hosts may be reached at once."""
    return {**os.environ, "LC_ALL": "C", "SSH_ASKPASS_REQUIRE": "never"}


@dataclass(slots=True)
class _Answer:
    """What is awaited: the end of a script, on both streams."""

    end: re.Pattern[bytes]
    quiet: bytes
    code: int | None = None
    stderr: bool = False

    def complete(self, out: bytearray, err: bytearray) -> bool:
        """Looks at what came last."""
        if self.code is None and (found := self.end.search(out, max(0, len(out) - PIECE - MARKER))):
            self.code = int(found[1])
        self.stderr = self.stderr or err.find(self.quiet, max(0, len(err) - PIECE - MARKER)) >= 0
        return self.code is not None and self.stderr


@dataclass(slots=True, eq=False)
class Session:
    """`unsent` is what the far side has not been given yet; `out` and `err` are what it said and nobody has read."""

    running: subprocess.Popen[bytes]
    unsent: bytes = b""
    usable: bool = True
    out: bytearray = field(default_factory=bytearray)
    err: bytearray = field(default_factory=bytearray)

    @property
    def alive(self) -> bool:
        """Whether another script may be sent."""
        return self.usable and self.running.poll() is None

    def greet(self, until: float) -> None:
        """Waits until the loop at the other end has begun. Raises `Lost`; nothing has run then."""
        try:
            self._talk(lambda: HELLO.encode() in self.out, until)
        except Lost as lost:
            raise Lost(lost.said or self.out.decode(errors="replace"), begun=False, late=lost.late) from None
        # What a login says before is not ours.
        self.out.clear()
        self.err.clear()

    def run(self, script: str, stdin: bytes, until: float) -> Result:
        """One script. Raises `Lost`."""
        number = os.urandom(8).hex()
        # The other end is quicker to give up, so that we hear of it.
        limit = max(1, math.ceil((until - time.monotonic()) * 0.95 - 1))
        answer = _Answer(re.compile(rf"{number} end (\d+)\n".encode()), f"{number} end\n".encode())
        self.unsent = parcel(number, script, stdin, limit)
        gives_up = time.monotonic() + limit - TICK
        self._talk(lambda: answer.complete(self.out, self.err), until)
        return self._result(number, answer, time.monotonic() >= gives_up)

    def _result(self, number: str, answer: _Answer, late: bool) -> Result:
        code, begun = answer.code or 0, f"{number} begun\n".encode()
        found = answer.end.search(self.out)
        assert found
        head, _, out = bytes(self.out[: found.start()]).rpartition(begun)
        err = bytes(self.err[: self.err.index(answer.quiet)])
        has_begun = begun in self.out
        self.out.clear()
        self.err.clear()
        self.usable = code not in (CUT_OFF, *STOPPED)
        if late and code in STOPPED:
            raise Lost("", begun=has_begun, late=True, stopped=True)
        if not has_begun:
            raise Lost(err.decode(errors="replace"))
        return Result(code, out, err)

    def _talk(self, done: Callable[[], bool], until: float) -> None:
        """Sends what is unsent and reads, until it is done, the session has ended, or time is up."""
        stdin, stdout, stderr = _streams(self.running)
        with selectors.DefaultSelector() as waiting:
            waiting.register(stdout, selectors.EVENT_READ, self.out)
            waiting.register(stderr, selectors.EVENT_READ, self.err)
            if self.unsent:
                waiting.register(stdin, selectors.EVENT_WRITE)
            while not done():
                left = until - time.monotonic()
                if left <= 0:
                    self._fail(late=True)
                ready = waiting.select(min(left, TICK))
                if not ready and self.running.poll() is not None:
                    self._fail()
                for key, _ in ready:
                    self._move(waiting, key)
                if stdout not in waiting.get_map() and not done():
                    self._fail()

    def _move(self, waiting: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
        if isinstance(key.data, bytearray):
            if piece := os.read(key.fd, PIECE):
                key.data.extend(piece)
            else:
                waiting.unregister(key.fileobj)
            return
        try:
            self.unsent = self.unsent[os.write(key.fd, self.unsent[:PIECE]) :]
        except BrokenPipeError:
            waiting.unregister(key.fileobj)
            return
        if not self.unsent:
            waiting.unregister(key.fileobj)

    def _fail(self, late: bool = False) -> None:
        """What was sent as a whole may have run; what was not, has not."""
        self.usable = False
        raise Lost(self.last_words(wait=not late), begun=not self.unsent, late=late)

    def last_words(self, wait: bool = True) -> str:
        """All that it said on stderr and nobody has read."""
        if wait:
            with suppress(subprocess.TimeoutExpired):
                self.running.wait(TICK)
        stderr = _streams(self.running)[2]
        with suppress(OSError):
            while piece := os.read(stderr.fileno(), PIECE):
                self.err.extend(piece)
        return self.err.decode(errors="replace")

    def close(self) -> None:
        """Ends it, at once. What runs as root behind sudo cannot be killed from here; it sees the end of its input."""
        self.usable = False
        for stream in _streams(self.running):
            with suppress(OSError):
                stream.close()
        with suppress(OSError):
            self.running.kill()
        with suppress(subprocess.TimeoutExpired):
            self.running.wait(FAREWELL)


def start(words: Sequence[str], terminal: bool = False) -> Session:
    """A child that an interrupt at the terminal does not reach: it may be needed to put things back.

    Nothing may ask at our terminal; with `terminal` it still belongs to it, which is how sudo knows who gave a password
    there. It ends when we do, however we end, as its standard input ends then. Raises `OSError`.
    """
    pipe, group = subprocess.PIPE, 0 if terminal else None
    running = subprocess.Popen(
        words, stdin=pipe, stdout=pipe, stderr=pipe, bufsize=0, env=environment(),
        start_new_session=not terminal, process_group=group,
    )  # fmt: skip
    for stream in _streams(running):
        os.set_blocking(stream.fileno(), False)
    return Session(running)


def _streams(running: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes], IO[bytes]]:
    assert running.stdin and running.stdout and running.stderr
    return running.stdin, running.stdout, running.stderr
