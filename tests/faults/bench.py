"""One lab in which every fault of the catalogue is made, explained and healed.

In: faults. Out: what `warren explain` says of each. Never leaves a fault behind for the next.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.lab.running import running
from warren import pipeline
from warren.cli.inquiring import Standpoint, at
from warren.evidence.knock import echoes
from warren.explain.model import Explanation
from warren.explain.question import question
from warren.hosts.base import Host
from warren.hosts.local import LocalHost
from warren.lab import listeners, netns, standing
from warren.lab.lab import Lab
from warren.lab.proving import Proving
from warren.lab.stand_in import SOCKET
from warren.topology.model import Topology

HERE = Path(__file__).parent
NETWORK = HERE / "network.yaml"
LISTEN = HERE / "listen_program.py"
# An answer comes within milliseconds here, or never.
WAIT = 0.5
GREETING = 10.0
AGAIN = "wg showconf {name} > /run/again && wg setconf {name} /run/again"


@dataclass(slots=True)
class Bench:
    """A running lab with its network applied."""

    lab: Lab
    topology: Topology
    programs: list[tuple[str, str]] = field(default_factory=list)

    @property
    def hosts(self) -> Mapping[str, Host]:
        return {name: self.lab.host(name) for name in self.topology.hosts}

    def on(self, place: str, script: str) -> str:
        """What a script says at a place; it must succeed."""
        if place == "core":
            return _run([*netns.enter(self.lab.pid), "sh", "-ec", script])
        if place in self.topology.hosts:
            result = self.lab.host(place).run(f"set -e\n{script}")
        else:
            result = self.lab.run(place, "sh", "-ec", script)
        assert result.code == 0, (place, script, result.stderr.decode())
        return result.stdout.decode().strip()

    def listen(self, place: str, protocol: str, address: str, port: int, *more: str) -> None:
        """Have a program listen at a place, until the fault is healed."""
        service = self.topology.services.get(place)
        host = service.host if service else place
        inside = f"ip netns exec {place} " if service else ""
        words = " ".join([protocol, address, str(port), *more])
        ready = f"/run/listening-{port}"
        script = f"rm -f {ready}; setsid {inside}python3 -I -S {LISTEN} {ready} {words} >/dev/null 2>&1 & echo $!"
        wait = f"\ni=0; until [ -e {ready} ]; do i=$((i+1)); [ $i -lt 200 ] || exit 1; sleep 0.01; done"
        self.programs.append((host, self.on(host, script + wait)))

    def silence(self, *places: str) -> None:
        """No stand-in listens at these places any more."""
        wanted = listeners.wanted(self.topology, self.lab.namespaces())
        kept = [each for each in wanted["listeners"] if each["service"] not in places]
        self._stand({**wanted, "listeners": kept})

    def drop_carriers(self) -> None:
        """Nothing carries connections from a service's loopback any more."""
        self._stand({**listeners.wanted(self.topology, self.lab.namespaces()), "relays": []})

    def _stand(self, wanted: dict[str, Any]) -> None:
        standing.stand(self.lab.name, self.lab.path(SOCKET), wanted)

    def heal(self) -> None:
        """What the file says, and everybody listens."""
        for host, pid in self.programs:
            self.on(host, f"kill -9 {pid} 2>/dev/null || :")
        self.programs.clear()
        outcome = pipeline.apply(pipeline.plan(self.topology, self.hosts), self.hosts)
        assert outcome.succeeded, outcome.failure
        self.lab.stand_ins(self.topology)
        self._greet()

    def _greet(self) -> None:
        """Every tunnel carries packets again; ends that missed each other's handshake would wait for the next."""
        until = time.monotonic() + GREETING
        for tunnel in self.topology.tunnels:
            address = str(self.topology.hosts[tunnel.gateway].addresses.v4)
            while not (echoes(self.lab.host(tunnel.dialer), address, [100], 0.2) or {}).get(100):
                assert time.monotonic() < until, f"{tunnel.dialer} does not reach {tunnel.gateway}"
                for host in (tunnel.gateway, tunnel.dialer):
                    self.on(host, AGAIN.format(name=tunnel.interface))

    def explain(self, source: str, target: str) -> Explanation:
        """`warren explain FROM TO`."""
        asked = question(self.topology, source, target)
        place = asked.source.service.host if asked.source.service else source
        hosts = self.hosts
        vantage = hosts.get(place) or LocalHost(source, self.lab.place(source).entry)
        around = Proving(self.lab, self.topology).surroundings()
        return at(Standpoint(hosts, around, vantage), self.topology, asked, WAIT)


@dataclass(frozen=True)
class Fault:
    """One way to break the network: `inject` breaks it, `mend` takes away what an apply would not.

    `says` is the whole first line of the answer to the question; `code` its stable name.
    """

    name: str
    ask: str
    code: str
    says: str
    inject: Callable[[Bench], object] = lambda bench: None
    mend: Callable[[Bench], object] = lambda bench: None


def on(*scripts: str) -> Callable[[Bench], None]:
    """Scripts at places: `home: ip link ...`."""

    def run(bench: Bench) -> None:
        for each in scripts:
            place, _, script = each.partition(": ")
            bench.on(place, script)

    return run


def _run(argv: list[str]) -> str:
    done = subprocess.run(argv, capture_output=True, text=True, env=netns.environment(), check=False)
    assert done.returncode == 0, (argv[-1], done.stderr)
    return done.stdout.strip()


@contextmanager
def bench(file: Path = NETWORK) -> Iterator[Bench]:
    """A lab of a file."""
    topology = pipeline.understand(file).topology
    with running(topology) as lab:
        made = Bench(lab, topology)
        made.heal()
        yield made
