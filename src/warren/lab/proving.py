"""A lab as the ground of a verification: where its places are, and what surrounds the network.

In: a running lab and its topology. Out: namespaces, surroundings and programs run in them, as `probe.ground.Ground`
asks. Never judges anything.
"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from ipaddress import IPv4Interface
from pathlib import Path
from typing import BinaryIO

from warren.lab import faults, internet, netns
from warren.lab.chart import Chart
from warren.lab.ground import ULA, Interface, Site
from warren.lab.lab import Lab
from warren.lab.listeners import service_path
from warren.lab.machines import login
from warren.probe.ground import Address, Fault, Running, Segment, Surroundings
from warren.topology.model import Topology

# Where neighbours are tried; their stand-ins listen at more.
NEIGHBOUR_PORTS = (80,)


@dataclass(frozen=True, slots=True)
class Proving:
    """A `probe.ground.Ground`."""

    lab: Lab
    topology: Topology

    def namespaces(self) -> Mapping[str, str]:
        """Every place that stands, and every declared service whether it stands or not."""
        standing = self.lab.namespaces()
        services = (service for service in self.topology.services.values() if service.host in standing)
        return {**standing, **{service.name: service_path(service, standing) for service in services}}

    def surroundings(self) -> Surroundings:
        """The small Internet as it is now."""
        found = surroundings(self.lab.chart().moved(faults.read(self.lab).moves))
        authority = (self.lab.read("ca.pem") or b"").decode()
        machines = [self.topology.hosts[name] for name in self.lab.machines if name in self.topology.hosts]
        real = frozenset((host.name, login.port(host)) for host in machines)
        return replace(
            found, outside_names=internet.NAMES, forged_names=(internet.FORGED,), authority=authority, real=real
        )

    def uplinks(self) -> Mapping[str, str]:
        """Each home's router, once for all the hosts behind it."""
        return {site.name: f"router:{site.name}" for site in self.lab.chart().ground.sites}

    def run_program(self, program: Path, stdin: bytes, timeout: float) -> bytes:
        """Run a program as root of the whole lab, to its end."""
        try:
            result = self.lab.python(program, stdin=stdin, timeout=timeout)
        except subprocess.TimeoutExpired as late:
            raise Fault(f"{program.name} did not finish within {timeout:g} seconds") from late
        if result.code:
            raise Fault(f"{program.name} failed: {_last_line(result.stderr)}")
        return result.stdout

    def start_program(self, program: Path, first_line: bytes, stdout: BinaryIO | None = None) -> Running:
        """Start a program and give it its first line; it runs until `stop`."""
        started = subprocess.Popen(
            self.lab.python_argv(program), stdin=subprocess.PIPE, stdout=stdout or subprocess.DEVNULL,
            stderr=subprocess.PIPE, env=netns.environment(),
        )  # fmt: skip
        assert started.stdin
        started.stdin.write(first_line)
        started.stdin.flush()
        return RunningProgram(program.name, started)


@dataclass(frozen=True, slots=True)
class RunningProgram:
    """A `probe.ground.Running`."""

    name: str
    started: subprocess.Popen[bytes]

    def stop(self, timeout: float = 10.0) -> bytes:
        """End its input and wait until it has ended too; returns what it wrote to stderr."""
        try:
            _, said = self.started.communicate(timeout=timeout)
        except subprocess.TimeoutExpired as late:
            self.started.kill()
            with suppress(subprocess.TimeoutExpired):
                self.started.communicate(timeout=1)
            raise Fault(f"{self.name} did not end within {timeout:g} seconds") from late
        if self.started.returncode:
            raise Fault(f"{self.name} failed: {_last_line(said)}")
        return said


def surroundings(chart: Chart) -> Surroundings:
    """What the file does not say: addresses of clients, homes, neighbours and the server."""
    clients = {client.name: tuple(client.addresses) for client in chart.ground.clients}
    server = clients.pop("server")
    seen = {**clients, **chart.public}
    lans: dict[str, Segment] = {}
    for site in chart.ground.sites:
        for segment in site.segments:
            hosts = {seat.host: _plain(seat.addresses) for seat in segment.seats}
            for seat in segment.seats:
                lans[seat.neighbour] = Segment(_plain(seat.neighbour_addresses), hosts)
                seen[seat.neighbour] = outside(site, seat.neighbour_addresses)
                if seat.interface == "eth0":
                    seen[seat.host] = outside(site, seat.addresses)
    return Surroundings(seen=seen, lans=lans, server=server, neighbour_ports=NEIGHBOUR_PORTS)


def outside(site: Site, addresses: tuple[Interface, ...]) -> tuple[Address, ...]:
    """With which addresses a machine behind a router appears: the router's own IPv4 one, its own public IPv6 ones."""
    own = (a.ip for a in addresses if not isinstance(a, IPv4Interface) and a.ip not in ULA)
    return (site.wan[0].ip, *own)


def _plain(addresses: tuple[Interface, ...]) -> tuple[Address, ...]:
    return tuple(interface.ip for interface in addresses)


def _last_line(said: bytes) -> str:
    return (said.decode(errors="replace").strip() or "it gave no reason").splitlines()[-1]
