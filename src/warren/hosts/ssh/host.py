"""A host that is reached by ssh.

In: where it is. Out: results of scripts that ran there as root, or `Unreachable` with the reason in plain words. Never
runs a script twice.

A connection that fails before a script was sent as a whole is made again, as nothing can have run (see `remote`). One
that breaks later is not: the script may have run, in part or to its end, and only the caller knows how to find out.
"""

from __future__ import annotations

import subprocess
import threading
import time
from dataclasses import replace
from pathlib import Path

from warren.hosts.base import Result, Unreachable
from warren.hosts.ssh import keys, trust
from warren.hosts.ssh.line import Line, connected
from warren.hosts.ssh.remote import as_root
from warren.hosts.ssh.session import Lost, environment
from warren.hosts.ssh.target import Target
from warren.hosts.ssh.words import Trouble, trouble

# Seconds before the second and the third attempt.
PAUSES = (0.3, 1.0)
TERMINAL_SECONDS = 60.0


class SshHost:
    """See `hosts.base.Host`. Connects with the first script, keeps the connection, and ends it with `close`.

    `leader` is the host that leads there, where the target names one: its connection carries this one. One of its own
    is made and ended where nobody gives one.
    """

    def __init__(self, target: Target, leader: SshHost | None = None) -> None:
        self.target = target
        self._own = SshHost(target.via) if target.via and not leader else None
        self._leader = leader or self._own
        self._informed: Target | None = None
        self._line: Line | None = None
        self._retired: list[Line] = []
        self._lock = threading.Lock()
        self._failed: Lost | OSError | Unreachable | None = None

    @property
    def name(self) -> str:
        """The host's name in the file."""
        return self.target.name

    def run(self, script: str, stdin: bytes = b"", timeout: float = 60.0) -> Result:
        """See `Host.run`."""
        until = time.monotonic() + timeout
        for pause in (*PAUSES, None):
            try:
                return self._attempt(script, stdin, until)
            except Lost as lost:
                self._rest(lost, pause, until, timeout)
            except OSError as gone:
                raise Unreachable(f"{self.name} cannot be reached: ssh: {gone.strerror}") from gone
        raise AssertionError("the last attempt returns or raises")

    def connect(self, timeout: float = 60.0) -> None:
        """Connects before there is a script; what keeps it from that is said to the first one."""
        try:
            self._connected(time.monotonic() + timeout)
        except (Lost, OSError, Unreachable) as failed:
            self._failed = failed

    def attach(self, command: str, terminal: bool = False) -> int:
        """Runs a short script as root on the caller's own streams; its exit code is returned."""
        words = self.target.join(self.joined(TERMINAL_SECONDS), as_root(command), terminal)
        return subprocess.call(words, env=environment())

    def joined(self, timeout: float) -> Path:
        """Where the connection, which stands now, can be joined. Raises `Unreachable`."""
        self.run(":", timeout=timeout)
        assert self._line
        return self._line.control

    def fresh(self) -> SshHost:
        """The same host, whose next script opens a connection of its own, over that of its leader where it has one."""
        made = SshHost(self.target, self._leader)
        made._informed = self._informed
        return made

    def close(self) -> None:
        """Ends the connection; the next script opens another."""
        with self._lock:
            ended = [*self._retired, *([self._line] if self._line else [])]
            self._retired, self._line = [], None
        for each in ended:
            each.close()
        if self._own:
            self._own.close()

    def _attempt(self, script: str, stdin: bytes, until: float) -> Result:
        line = self._connected(until)
        session = None
        try:
            session = line.borrow(until)
            return session.run(script, stdin, until)
        except BaseException as stopped:
            # Also after an interrupt: what this script still says must not be taken for the next one's.
            if session:
                session.usable = False
            if isinstance(stopped, Lost):
                self._lost(line, stopped)
            raise
        finally:
            if session:
                line.give_back(session)

    def _lost(self, line: Line, lost: Lost) -> None:
        # What ended a connection is said by the connection, not by a session on it.
        lost.said = line.last_words() or lost.said
        if lost.late and not lost.stopped:
            self._retire(line)

    def _retire(self, line: Line) -> None:
        """Nothing new goes over a connection that hangs; what others have under way there, they may finish."""
        with self._lock:
            if self._line is line:
                self._line = None
                self._retired.append(line)

    def _connected(self, until: float) -> Line:
        with self._lock:
            if self._line and self._line.alive:
                return self._line
            if self._line:
                self._retired.append(self._line)
                self._line = None
            if self._failed:
                failed, self._failed = self._failed, None
                raise failed
            self._informed = self._informed or keys.informed(self.target)
            through = self._leader.joined(max(1.0, until - time.monotonic())) if self._leader else None
            self._line = connected(replace(self._informed, through=through), until)
            return self._line

    def _rest(self, lost: Lost, pause: float | None, until: float, timeout: float) -> None:
        """Waits for another attempt where one is safe and may help. Raises `Unreachable` otherwise."""
        found: Trouble = trouble(self.target, lost, timeout)
        if pause is None or lost.begun or not found.passing or time.monotonic() + pause >= until:
            raise trust.explained(self._informed or self.target, found) from None
        time.sleep(pause)
