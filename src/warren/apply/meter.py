"""What a command costs on the line: round trips, bytes and seconds of each stage.

In: hosts. Out: the same hosts, counted. Never changes what they are asked.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from warren.apply.protocol import Renewable
from warren.hosts.base import Connecting, Host, Result


@dataclass(slots=True)
class Row:
    """One stage; `sent` and `received` are bytes, `seconds` from its beginning to that of the next."""

    trips: int = 0
    sent: int = 0
    received: int = 0
    seconds: float = 0.0


@dataclass(slots=True)
class Meter:
    """Counts for the stage that goes on, the first of which is `observe`."""

    rows: dict[str, Row] = field(default_factory=lambda: {"observe": Row()})
    began: float = field(default_factory=time.monotonic)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def current(self) -> Row:
        """The row of the stage that goes on."""
        return self.rows[next(reversed(self.rows))]

    def stage(self, name: str) -> None:
        """Another stage begins."""
        now = time.monotonic()
        self.current.seconds += now - self.began
        self.began = now
        self.rows[name] = self.rows.pop(name, Row())

    def counted(self, hosts: Mapping[str, Host]) -> dict[str, Host]:
        """The same hosts, whose every script is counted."""
        return {name: Counted(host, self) for name, host in hosts.items()}

    def count(self, sent: int, received: int) -> None:
        """One round trip."""
        with self.lock:
            row = self.current
            row.trips, row.sent, row.received = row.trips + 1, row.sent + sent, row.received + received


@dataclass(frozen=True, slots=True)
class Counted:
    """See `hosts.base.Host`."""

    host: Host
    meter: Meter

    @property
    def name(self) -> str:
        """The host's name."""
        return self.host.name

    def run(self, script: str, stdin: bytes = b"", timeout: float = 60.0) -> Result:
        """See `Host.run`."""
        result = self.host.run(script, stdin, timeout)
        self.meter.count(len(script.encode()) + len(stdin), len(result.stdout) + len(result.stderr))
        return result

    def connect(self, timeout: float = 60.0) -> None:
        """Connects before there is a script, where that can be."""
        if isinstance(self.host, Connecting):
            self.host.connect(timeout)

    def fresh(self) -> Host:
        """The same over a new connection, where there is one."""
        return Counted(self.host.fresh(), self.meter) if isinstance(self.host, Renewable) else self

    def close(self) -> None:
        """Ends the connection."""
        if isinstance(self.host, Renewable):
            self.host.close()
