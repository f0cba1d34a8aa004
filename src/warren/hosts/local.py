"""This machine, or any place that a command prefix leads to.

In: a prefix of words such as `sudo -n`. Out: results of scripts. Never interprets what they print.
"""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import dataclass

from warren.hosts.base import Result, Unreachable
from warren.hosts.ssh import words
from warren.hosts.ssh.remote import LOOP, ONE
from warren.hosts.ssh.session import Lost, start
from warren.hosts.ssh.target import Target

SUDO = ("sudo", "-n")


@dataclass(frozen=True, slots=True)
class LocalHost:
    """Runs scripts with `sh` behind `prefix`; see `hosts.base.Host`. They travel as they would by ssh."""

    name: str
    prefix: tuple[str, ...] = ()

    def run(self, script: str, stdin: bytes = b"", timeout: float = 60.0) -> Result:
        """See `Host.run`."""
        until = time.monotonic() + timeout
        # Whoever sits at this machine by ssh must not be locked out either, and sudo drops the variable.
        way = os.environ.get("SSH_CONNECTION", "")
        try:
            session = start([*self.prefix, "sh", "-c", LOOP, "sh", way, ONE], terminal=True)
        except OSError as gone:
            raise Unreachable(f"{self.name} cannot be entered: {gone.strerror}") from gone
        try:
            session.greet(until)
            return session.run(script, stdin, until)
        except Lost as lost:
            raise words.trouble(Target(self.name, "local"), lost, timeout).unreachable from None
        finally:
            session.close()

    def attach(self, command: str, terminal: bool = False) -> int:
        """Runs a short script on the caller's own streams; its exit code is returned."""
        return subprocess.call([*self.prefix, "sh", "-c", command])

    def fresh(self) -> LocalHost:
        """The same: there is no connection that could be old."""
        return self

    def close(self) -> None:
        """Nothing is open."""


def here(name: str) -> LocalHost:
    """This machine as root, by sudo where we are not."""
    return LocalHost(name, () if os.geteuid() == 0 else SUDO)
