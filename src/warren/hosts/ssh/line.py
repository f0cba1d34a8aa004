"""One shared connection to a host: its first session, and those that join it.

In: a target. Out: sessions that wait for a script. Never connects a second time: whoever finds it broken makes another.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from warren.hosts.ssh.remote import command
from warren.hosts.ssh.session import Lost, Session, start
from warren.hosts.ssh.target import Target

# A socket's path has at most 104 bytes, of which ssh takes 17 while it makes it, and our own names take 24.
LONGEST = 104 - 17 - 24
FOLDER = "wrn-{}-"
FAREWELL = 2.0
OLD = 3600.0


@dataclass(slots=True, eq=False)
class Line:
    """`idle` are the sessions that nobody uses; the first one is the connection itself."""

    target: Target
    folder: Path
    first: Session | None = None
    idle: list[Session] = field(default_factory=list)
    every: list[Session] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def control(self) -> Path:
        """Where sessions join."""
        return self.folder / "s"

    @property
    def alive(self) -> bool:
        """Whether the connection stands, as far as is known here."""
        return self.first is not None and self.first.running.poll() is None

    def connect(self, until: float) -> None:
        """Makes the connection; see `connected`."""
        self.first = start(self.target.connect(self.control, command()))
        self.every.append(self.first)
        self.first.greet(until)
        self.idle.append(self.first)

    def borrow(self, until: float) -> Session:
        """A session for one script: one that waits, or a new one. Raises `Lost`."""
        with self.lock:
            while self.idle:
                if (session := self.idle.pop()).alive:
                    return session
        session = start(self.target.join(self.control, command()))
        with self.lock:
            self.every.append(session)
        try:
            session.greet(until)
        except Lost:
            self.put_down(session)
            raise
        return session

    def give_back(self, session: Session) -> None:
        """A session that may be used again waits; one that may not is ended, unless all others stand on it."""
        if session.alive:
            with self.lock:
                self.idle.append(session)
        elif session is not self.first:
            self.put_down(session)

    def put_down(self, session: Session) -> None:
        """Ends one session."""
        with self.lock:
            if session in self.every:
                self.every.remove(session)
        session.close()

    def last_words(self) -> str:
        """What the connection itself said as it ended, where it did."""
        if self.first is None or self.alive:
            return ""
        return self.first.last_words()

    def close(self, farewell: bool = True) -> None:
        """Ends the connection with all its sessions, and leaves no file."""
        atexit.unregister(self.close)
        if farewell and self.first and self.alive:
            # All sessions end with the one that holds the connection (ssh_config(5), ControlMaster).
            with suppress(OSError, subprocess.TimeoutExpired):
                self.first.running.terminate()
                self.first.running.wait(FAREWELL)
        with self.lock:
            sessions, self.every, self.idle = self.every, [], []
        for session in sessions:
            session.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def connected(target: Target, until: float) -> Line:
    """A new connection; its end is sure. Raises `Lost`, and `OSError` where there is no ssh here."""
    sweep(Path(runtime()))
    made = Line(target, Path(tempfile.mkdtemp(prefix=FOLDER.format(os.getpid()), dir=runtime())))
    atexit.register(made.close)
    try:
        made.connect(until)
    except BaseException:
        made.close(farewell=False)
        raise
    return made


def sweep(folder: Path) -> None:
    """Removes what was left by those of us who were killed; their connections ended with them.

    Not at once: who shares the folder may count its processes differently.
    """
    for left in folder.glob(FOLDER.format("*") + "*"):
        with suppress(OSError, ValueError):
            found = left.stat()
            if found.st_uid == os.getuid() and time.time() - found.st_mtime > OLD and _is_gone(left.name.split("-")[1]):
                shutil.rmtree(left)


def _is_gone(number: str) -> bool:
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    return False


def runtime() -> str:
    """A folder of this user's for sockets, with a path short enough."""
    given = os.environ.get("XDG_RUNTIME_DIR", "")
    fits = os.path.isabs(given) and os.path.isdir(given) and os.access(given, os.W_OK)
    return next((each for each in (given if fits else "", tempfile.gettempdir()) if 0 < len(each) <= LONGEST), "/tmp")
