"""The door to a service or a host, wherever those are.

In: the file, perhaps a lab, a name. Out: commands carried out there. Never asks the user for a user id, a namespace or
the host that a service runs on.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from warren import pipeline
from warren.basis.diagnostic import Refused, did_you_mean, error
from warren.cli import inside
from warren.cli.ground import Ground, ground
from warren.hosts.base import Result
from warren.topology.model import Service, Topology

CAPTURED_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Door:
    """One place: a service, a container of it, or a whole host."""

    ground: Ground
    host: str
    service: Service | None = None
    container: str | None = None

    @property
    def words(self) -> str:
        """For people."""
        if self.service is None:
            return f"{self.host}, as root"
        what = f"container {self.container} of {self.service.name}" if self.container else self.service.name
        return f"{what} on {self.host}"

    def attach(self, words: Sequence[str]) -> int:
        """A command on the caller's own terminal; its exit code."""
        if self.ground.is_plain:
            return self.ground.lab.exec(self.place, words)
        kind = terminal()
        return self.ground.attach(self.host, self._script(words, kind), kind is not None)

    def run(self, words: Sequence[str]) -> Result:
        """A command whose output is kept. Raises `Unreachable`."""
        if self.ground.is_plain:
            return self.ground.lab.run(self.place, *words, timeout=CAPTURED_SECONDS)
        return self.ground.hosts[self.host].run(self._script(words, None), timeout=CAPTURED_SECONDS)

    @property
    def place(self) -> str:
        """What a lab calls it. Raises `Refused` for what a lab of namespaces does not have."""
        if self.container:
            hint = "`warren lab up --machines` runs them"
            raise Refused([error("no-containers", "in a lab of namespaces there are no containers", None, hint)])
        return self.service.name if self.service else self.host

    def _script(self, words: Sequence[str], kind: str | None) -> str:
        if self.service is None:
            return f"exec {shlex.join(words)}"
        if self.container:
            return inside.into(self.service, self.container, words, kind)
        return inside.entering(self.service, words, kind)

    def follow(self, options: Sequence[str]) -> int:
        """The journal of the service on the caller's own terminal."""
        return self.ground.attach(self.host, self._journal(options, sieve=True))

    def journal(self, options: Sequence[str]) -> bytes:
        """The journal of the service. Raises `Unreachable`, and `Refused` with what the host said."""
        done = self.ground.hosts[self.host].run(self._journal(options), timeout=CAPTURED_SECONDS)
        if done.code:
            said = done.stderr.decode(errors="replace").strip().removeprefix("error: ")
            raise Refused([error("no-journal", f"{self.host}: {said or 'the journal cannot be read'}")])
        return done.stdout

    def _journal(self, options: Sequence[str], sieve: bool = False) -> str:
        assert self.service
        return inside.journal(self.service, inside.units(self.service, self.container), options, sieve)


def door(path: Path, lab: str | None, name: str, container: str | None = None) -> Door:
    """The door to a service, or to a host where no service has the name. Raises `Refused`."""
    topology = pipeline.understand(path).topology
    if name in topology.services or container:
        return _door(topology, lab, inside.known(topology, name), container)
    if name not in topology.hosts:
        meant = did_you_mean(name, [*topology.services, *topology.hosts])
        raise Refused([error("unknown-place", f"there is no service or host `{name}`", None, meant)])
    return Door(ground(topology, lab, [name]), name)


def service_door(path: Path, lab: str | None, name: str, container: str | None = None) -> Door:
    """The door to a service alone. Raises `Refused`."""
    topology = pipeline.understand(path).topology
    return _door(topology, lab, inside.known(topology, name), container)


def _door(topology: Topology, lab: str | None, service: Service, container: str | None) -> Door:
    if container:
        inside.unit(service, container)
    return Door(ground(topology, lab, [service.host]), service.host, service, container)


def terminal() -> str | None:
    """What the caller's terminal is called; None where there is none at both ends."""
    if sys.stdin.isatty() and sys.stdout.isatty():
        return os.environ.get("TERM") or "dumb"
    return None
