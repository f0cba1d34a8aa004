"""One machine: switched on and off, frozen, and a way into it that needs no network.

In: a lab, a host's name, the process that plugs it in. Out: results of scripts, and states that have been reached.
Never sleeps longer than it must: ends are told by the kernel.
"""

from __future__ import annotations

import os
import select
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from warren.hosts.base import Result, Unreachable
from warren.lab import door, netns
from warren.lab.machines import entry, groups

BOOT_LIMIT = 60.0
OFF_LIMIT = 30.0
READY = "systemctl is-system-running --wait"
LOOK_AGAIN = 0.01


@dataclass(frozen=True, slots=True)
class Direct:
    """Runs scripts as root of a machine through its first process: a `hosts.base.Host` that needs no network."""

    name: str
    plug: int

    def run(self, script: str, stdin: bytes = b"", timeout: float = 60.0) -> Result:
        """See `Host.run`."""
        if (init := entry.first(self.plug)) is None:
            raise Unreachable(f"{self.name} is switched off")
        try:
            return netns.run_behind(entry.words(init), self.name, script, stdin, timeout)
        except OSError as gone:
            raise Unreachable(f"{self.name} cannot be entered: {gone.strerror}") from gone


@dataclass(frozen=True, slots=True)
class Machine:
    """A host of a lab that is a whole system; `plug` is its supervisor as seen from outside."""

    lab: str
    name: str
    plug: int

    @property
    def direct(self) -> Direct:
        """The way in that no cut line and no broken rule can close."""
        return Direct(self.name, self.plug)

    @property
    def pid(self) -> int | None:
        """Its first process as seen from outside; None where it is switched off."""
        return entry.first(self.plug)

    def run(self, script: str, stdin: bytes = b"", timeout: float = 60.0) -> Result:
        """Run a script as root of the machine, whatever its network does."""
        return self.direct.run(script, stdin, timeout)

    def switch_on(self) -> None:
        """Press the switch; a machine that runs does not notice."""
        os.kill(self.plug, signal.SIGUSR1)

    def boot(self, limit: float = BOOT_LIMIT) -> None:
        """Switch it on, and wait until its system has started."""
        self.switch_on()
        self.wait_until_up(limit)

    def wait_until_up(self, limit: float = BOOT_LIMIT) -> None:
        """Wait until the system has started, also where units of it failed."""
        until = time.monotonic() + limit
        while time.monotonic() < until:
            if self._is_up(until):
                return
            time.sleep(LOOK_AGAIN)
        raise door.refuse("machine", f"{self.name} did not start within {limit:g} seconds")

    def _is_up(self, until: float) -> bool:
        try:
            said = self.run(READY, timeout=max(1.0, until - time.monotonic())).stdout.strip()
        except Unreachable:
            return False
        return said in (b"running", b"degraded")

    def reboot(self, limit: float = BOOT_LIMIT) -> None:
        """Reboot as a person would; returns when it is up again. One that is off is switched on."""
        if (init := self.pid) is None:
            return self.boot(limit)
        ended = os.pidfd_open(init)
        try:
            self.run("systemctl reboot")
            self._wait(ended, limit)
        finally:
            os.close(ended)
        self.wait_until_up(limit)

    def kill(self) -> None:
        """Cut its power: every process of it ends at once. Returns when it is off; `boot` brings it back."""
        if (init := self.pid) is None:
            return
        ended = os.pidfd_open(init)
        try:
            self._group("cgroup.kill", "1")
            self._wait(ended, OFF_LIMIT)
        finally:
            os.close(ended)
        until = time.monotonic() + OFF_LIMIT
        while entry.has_children(self.plug) and time.monotonic() < until:
            time.sleep(LOOK_AGAIN)

    def freeze(self) -> None:
        """Stop every process of it where it is; its kernel goes on forwarding."""
        self._group("cgroup.freeze", "1")

    def thaw(self) -> None:
        """Let them go on."""
        self._group("cgroup.freeze", "0")

    def _group(self, file: str, text: str) -> None:
        init = self.pid
        if init is None or (payload := groups.payload(init)) is None:
            raise door.refuse("machine", f"{self.name} is switched off")
        (Path(payload) / file).write_text(text)

    def _wait(self, ended: int, limit: float) -> None:
        if not select.select([ended], [], [], limit)[0]:
            raise door.refuse("machine", f"{self.name} did not end within {limit:g} seconds")
