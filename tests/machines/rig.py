"""What tests of whole machines hold in their hands: a lab of them, and what a file makes of it.

In: the text of a file. Out: machines, scripts run in them, packets between places, faults. Never leaves a lab behind.
"""

from __future__ import annotations

import itertools
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from warren import pipeline
from warren.apply import Outcome
from warren.cli import lock
from warren.desired.model import Platform
from warren.hosts.base import Host
from warren.lab import faults
from warren.lab.build import build
from warren.lab.lab import Lab
from warren.lab.machines.machine import Machine
from warren.lab.machines.oci import Image
from warren.topology.model import Topology

T = TypeVar("T")
_numbers = itertools.count()

WORLDS = """\
version: 1
network: {name: NAME}
hosts:
  vps: {ssh: root@203.0.113.10, public: [203.0.113.10, "2001:db8:10::10"]}
  home: {ssh: admin@192.168.2.10, lan: 192.168.2.0/24, egress: vps}
services:
  blog:
    host: vps
    image: docker.io/library/web:1
    ports: {web: 80}
    expose: [{port: 8080, to: web}]
  cloud:
    host: home
    image: docker.io/library/web:1
    ports: {web: 80}
    needs: [db.sql]
    expose: [{port: 8081, to: web}]
  db:
    host: home
    image: docker.io/library/web:1
    ports: {sql: 5432}
    egress: none
"""


@dataclass(slots=True)
class Rig:
    """A lab of machines and the file that it was built for."""

    lab: Lab
    path: Path
    topology: Topology

    def machine(self, name: str) -> Machine:
        """A machine: run, reboot, kill, boot, freeze, thaw (see `warren.lab.machines.machine`)."""
        return self.lab.machine(name)

    @property
    def hosts(self) -> Mapping[str, Host]:
        """A carrier for each host, as `pipeline` takes them; they survive reboots and need no network."""
        return {name: self.lab.direct(name) for name in self.topology.hosts}

    @property
    def by_ssh(self) -> Mapping[str, Host]:
        """The same by real ssh, over the network of the lab, as an operator has them."""
        return {name: self.lab.host(name) for name in self.topology.hosts}

    def say(self, text: str) -> Topology:
        """Write another text into the file, and understand it; hosts that it adds are not built."""
        self.path.write_text(text)
        self.topology = _understood(self.path)
        return self.topology

    def plan(self) -> pipeline.Planned:
        """What would change."""
        return pipeline.plan(self.topology, self.hosts, Platform.SYSTEMD)

    def apply(self) -> Outcome:
        """Observe, plan, apply; says what came of it."""
        return pipeline.apply(self.plan(), self.hosts)

    def run(self, place: str, script: str, stdin: bytes = b"", timeout: float = 60) -> str:
        """What a script says; it must succeed. A place is a machine, `internet`, `lan:home`, `router:home`..."""
        if place in self.lab.machines:
            done = self.lab.machine(place).run(script, stdin, timeout)
        else:
            done = self.lab.run(place, "sh", "-c", script, stdin=stdin, timeout=timeout)
        assert done.code == 0, f"{place}: {script}\n{done.stdout.decode()}{done.stderr.decode()}"
        return done.stdout.decode().strip()

    def fails(self, place: str, script: str, timeout: float = 60) -> bool:
        """Whether a script does not succeed."""
        if place in self.lab.machines:
            return bool(self.lab.machine(place).run(script, timeout=timeout).code)
        return bool(self.lab.run(place, "sh", "-c", script, timeout=timeout).code)

    def reaches(self, place: str, address: str, port: int, limit: float = 1) -> bool:
        """Whether a TCP connection from a place is accepted."""
        if place in self.lab.machines:
            return not self.fails(place, f"nc -z -w {limit:g} {address} {port}")
        script = f"import socket; socket.create_connection(({address!r}, {port}), {limit})"
        return not self.lab.run(place, sys.executable, "-I", "-S", "-c", script).code

    def cut(self, host: str) -> None:
        """Lose everything of a host on its line; the machine itself is still reached by `run`."""
        faults.cut(self.lab, host)

    def heal(self, host: str | None = None) -> None:
        """Mend the line."""
        faults.heal(self.lab, host)

    def publish(self, image: Image, name: str, tag: str) -> str:
        """Have NAME:TAG of the registry that machines pull from mean this image from now on; returns the reference."""
        return self.lab.store.put(image, name, tag)

    def load(self, host: str, user: str, image: Image) -> str:
        """Give an image to a user of a machine, without a registry; returns the name localhost/NAME:VERSION."""
        # The user's store needs neither a session nor a network.
        script = f'cd / && setpriv --reuid {user} --regid "$(id -g {user})" --init-groups env -i '
        script += f'HOME="$(getent passwd {user} | cut -d: -f6)" PATH="$PATH" podman --log-level=error load'
        self.run(host, script, image.archive(), 120)
        return f"localhost/{image.name}:{image.version}"


def _understood(path: Path) -> Topology:
    """What a file means; numbers that were given are kept beside it."""
    understood = pipeline.understand(path)
    lock.keep(understood)
    return understood.topology


@contextmanager
def rig(folder: Path, text: str = WORLDS) -> Iterator[Rig]:
    """A lab of bare machines for a file, for the time of a `with`; NAME in the text becomes a name of its own."""
    name = f"machines-{os.getpid()}-{next(_numbers)}"
    path = folder / "warren.yaml"
    path.write_text(text.replace("NAME", name))
    topology = _understood(path)
    lab = build(topology, name, tied=True, machines=True)
    try:
        yield Rig(lab, path, topology)
    finally:
        lab.down()


def until(true: Callable[[], T], limit: float = 20, every: float = 0.05) -> T:
    """Wait for a condition, not for a time; returns what it was, or fails when the limit has passed."""
    end = time.monotonic() + limit
    while not (found := true()):
        assert time.monotonic() < end, f"not true within {limit:g} seconds: {true}"
        time.sleep(every)
    return found
