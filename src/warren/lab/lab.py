"""A running lab: its hosts, its places, its files, and its end.

In: a lab's name. Out: carriers of scripts, commands in places, what its files hold. Never keeps anything outside the
lab: whoever finds it by name knows as much as whoever built it.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from warren.hosts.base import Host, Result
from warren.lab import blueprint, door, inside, listeners, netns, places, standing
from warren.lab import chart as charts
from warren.lab.blueprint import CORE, Blueprint
from warren.lab.chart import Chart
from warren.lab.draw import draw
from warren.lab.ground import survey
from warren.lab.keeper import FILES
from warren.lab.machines import login, rack, store
from warren.lab.machines.machine import Machine
from warren.lab.machines.store import Store
from warren.lab.netns import LabHost
from warren.lab.places import Place
from warren.lab.stand_in import SOCKET
from warren.lab.standing import Standing
from warren.topology.model import Topology

BLUEPRINT = "blueprint.json"
CHART = "chart.json"
# What its hosts believe of names: the public key of its root.
ANCHOR = "anchor"


@dataclass(frozen=True, slots=True)
class Lab:
    """A lab that runs; `pid` is its keeper as seen from outside."""

    name: str
    pid: int

    # places

    def host(self, name: str) -> Host:
        """A host as a carrier of scripts."""
        if name in places.machines(self.pid):
            return login.carrier(self.path(""), name)
        return self.direct(name)

    def direct(self, name: str) -> Host:
        """The same, by a way that no cut line and no broken rule can close."""
        if name in places.machines(self.pid):
            return self.machine(name).direct
        tags = places.anchors(self.pid)
        if (pid := tags.get(f"host:{name}")) is None:
            hosts = [each.removeprefix("host:") for each in tags if each.startswith("host:")]
            raise door.refuse("place", f"lab `{self.name}` has no host `{name}`", f"hosts are {', '.join(hosts)}")
        return LabHost(name, pid)

    def machine(self, name: str) -> Machine:
        """A host that is a whole machine."""
        plugs = places.machines(self.pid)
        if name not in plugs:
            hint = "`warren lab up --machines` boots whole systems instead of namespaces"
            raise door.refuse("machine", f"`{name}` is no machine of lab `{self.name}`", hint)
        return Machine(self.name, name, plugs[name])

    @property
    def machines(self) -> tuple[str, ...]:
        """The hosts that are whole machines."""
        return tuple(places.machines(self.pid))

    def places(self) -> dict[str, Place]:
        """Every place that stands now, by name."""
        return places.places(self.pid)

    def place(self, name: str) -> Place:
        """One place; what is not there is refused with what was meant."""
        return places.find(name, self.places(), self.blueprint())

    def namespaces(self) -> dict[str, str]:
        """The network namespace of every place, as a path inside the lab (see `python`)."""
        return {name: place.namespace for name, place in self.places().items()}

    # commands

    def exec(self, place: str, argv: Sequence[str]) -> int:
        """Run a command at a place on the caller's own terminal; returns its exit code."""
        return subprocess.call([*self.place(place).entry, *argv], env=netns.environment())

    def run(self, place: str, *argv: str, stdin: bytes = b"", timeout: float = 60) -> Result:
        """Run a command at a place and keep what it says."""
        return _run([*self.place(place).entry, *argv], stdin, timeout)

    def python_argv(self, script: Path, *arguments: str) -> list[str]:
        """The command that runs a standard-library Python script as root of the whole lab.

        It starts in the core; as it sees the lab's processes, it may enter every namespace of `namespaces()`.
        """
        return [*netns.enter(self.pid), sys.executable, "-I", "-S", str(script), *arguments]

    def python(self, script: Path, *arguments: str, stdin: bytes = b"", timeout: float = 60) -> Result:
        """Run such a script to its end."""
        return _run(self.python_argv(script, *arguments), stdin, timeout)

    # files

    def path(self, name: str) -> Path:
        """A file of the lab's own, as a path outside: it is on a tmpfs that only the lab's namespaces hold."""
        return Path(f"/proc/{self.pid}/root{FILES}/{name}")

    def read(self, name: str) -> bytes | None:
        """The content of one of the lab's files, or None."""
        try:
            return self.path(name).read_bytes()
        except FileNotFoundError:
            return None

    def write(self, name: str, content: bytes) -> None:
        """Keep a file in the lab: whole, or as it was before."""
        fresh = self.path(f"{name}.new")
        fresh.write_bytes(content)
        fresh.rename(self.path(name))

    def blueprint(self) -> Blueprint:
        """What the lab was last built as."""
        text = self.read(BLUEPRINT)
        return blueprint.from_json(text) if text else blueprint.EMPTY

    # services

    def stand_ins(self, topology: Topology) -> Standing:
        """Have every declared port of the topology answer, in every namespace that stands; call it after changes."""
        wanted = listeners.wanted(topology, self.namespaces())
        if self.machines:
            wanted = listeners.beside_systems(wanted, topology)
        return standing.stand(self.name, self.path(SOCKET), wanted)

    def chart(self) -> Chart:
        """Where everything stands, as it was before any home moved."""
        if (text := self.read(CHART)) is None:
            raise door.refuse("gone", f"lab `{self.name}` is not built yet")
        return charts.from_json(text)

    # life

    def become(self, old: Blueprint, topology: Topology) -> None:
        """Build what leads from one blueprint to a topology's."""
        ground = survey(topology)
        new = draw(topology, ground)
        if (image := self.read(rack.IMAGE)) is not None:
            ports = {host.name: login.port(host) for host in topology.hosts.values()}
            new = rack.furnish(self.name, self.path(""), Path(image.decode()), new, ground, ports)
        door.ask(self.name, blueprint.change(old, new))
        self.write(BLUEPRINT, new.to_json().encode())
        chart = charts.chart(topology, ground)
        self.write(CHART, chart.to_json().encode())
        if machines := [self.machine(name) for name in self.machines]:
            login.write(self.path(""), login.logins(topology, chart), places.anchors(self.pid))
            rack.switch_on(machines)
            self._supply(topology, machines)

    def _supply(self, topology: Topology, machines: Sequence[Machine]) -> None:
        """Have a registry in the small Internet, where machines find every image of the file."""
        files = self.store.folder
        if not files.exists():
            self.store.offer_to_all(store.stand_in(Path((self.read(rack.IMAGE) or b"").decode())))
            lines = [f"addr add {store.ADDRESS}/32 dev lo"]
            door.ask(self.name, {"do": "configure", "lines": {CORE: lines}, "rules": {}})
            argv = inside.command("machines.registry", f"{FILES}/{store.FOLDER}")
            door.ask(self.name, {"do": "spawn", "name": "registry", "argv": argv})
        trusted = store.trust(store.registries(store.references(topology))).encode()
        for machine in machines:
            machine.run(f"mkdir -p {Path(store.TRUST).parent} && cat > {store.TRUST}", trusted)

    def trust(self) -> None:
        """Have machines trust the authority and the root of names of the small Internet, for ever."""
        authority, anchor = self.read("ca.pem"), self.read(ANCHOR)
        for name in self.machines:
            self.machine(name).run(rack.trust((anchor or b"").decode()), authority or b"")

    @property
    def store(self) -> Store:
        """The images of its registry."""
        return Store(self.path(store.FOLDER))

    def extend(self, topology: Topology) -> None:
        """Add the hosts, homes and lines that the topology now has, and end those that it no longer has."""
        self.become(self.blueprint(), topology)

    def down(self, limit: float = 10.0) -> None:
        """End the lab; returns when nothing of it is left. Namespaces, mounts and files end with their processes."""
        with suppress(ProcessLookupError):
            keeper = os.pidfd_open(self.pid)
            try:
                _end(keeper, limit)
            finally:
                os.close(keeper)
        until = time.monotonic() + limit
        while self.name in door.names() and time.monotonic() < until:
            time.sleep(0.002)
        rack.sweep()


def _end(keeper: int, limit: float) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        signal.pidfd_send_signal(keeper, number)
        if select.select([keeper], [], [], limit / 2)[0]:
            return


def _run(argv: Sequence[str], stdin: bytes, timeout: float) -> Result:
    done = subprocess.run(argv, input=stdin, capture_output=True, timeout=timeout, env=netns.environment(), check=False)
    return Result(done.returncode, done.stdout, done.stderr)


def find(name: str) -> Lab | None:
    """The running lab of this name."""
    keeper = door.keeper_of(name)
    return Lab(name, keeper) if keeper else None


def labs() -> tuple[Lab, ...]:
    """This user's labs that run."""
    return tuple(lab for name in door.names() if (lab := find(name)))
