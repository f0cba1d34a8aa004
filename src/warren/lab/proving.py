"""A lab as the ground on which a network is proved.

In: a lab and the topology that it was built for. Out: what verify asks of a ground: places, addresses, programs that
run. Never knows what they are run for.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from warren.lab import listeners, netns
from warren.lab.ground import Interface, Seat, Site, survey
from warren.lab.lab import Lab
from warren.probe.ground import Address, Fault, Running, Segment, Surroundings
from warren.topology.model import Topology

# Of the ports at which machines outside answer, those worth asking for each service.
SERVER_PORTS = (53, 443)
NEIGHBOUR_PORTS = (80,)


class Program:
    """A program that runs in the lab until its input ends."""

    def __init__(self, running: subprocess.Popen[bytes]) -> None:
        self.running = running

    def stop(self, timeout: float = 10.0) -> bytes:
        """End its input and take its last words."""
        try:
            return self.running.communicate(timeout=timeout)[1]
        except subprocess.TimeoutExpired:
            self.running.kill()
            return self.running.communicate()[1]


@dataclass(frozen=True, slots=True)
class Proving:
    """See `probe.ground.Ground`."""

    lab: Lab
    topology: Topology

    def namespaces(self) -> Mapping[str, str]:
        """Every place, services too that do not stand yet."""
        standing = self.lab.namespaces()
        hosts = {n: p for n, p in standing.items() if n not in self.topology.services}
        services = {
            service.name: listeners.service_path(service, hosts)
            for service in self.topology.services.values()
            if service.host in hosts
        }
        return {**standing, **services}

    def surroundings(self) -> Surroundings:
        """What the lab chose itself."""
        ground = survey(self.topology)
        clients = {client.name: tuple(client.addresses) for client in ground.clients}
        gateways = {host.name: host.public for host in self.topology.gateways}
        homes = {name: seen for site in ground.sites for name, seen in _seen(site)}
        return Surroundings(
            seen={**homes, **clients, **gateways},
            lans={name: segment for site in ground.sites for name, segment in _lans(site)},
            server=clients["server"],
            server_ports=SERVER_PORTS,
            neighbour_ports=NEIGHBOUR_PORTS,
        )

    def uplinks(self) -> Mapping[str, str]:
        """Each home's router."""
        return {site.name: f"router:{site.name}" for site in survey(self.topology).sites}

    def run_program(self, program: Path, stdin: bytes, timeout: float) -> bytes:
        """Run it to its end."""
        try:
            done = self.lab.python(program, stdin=stdin, timeout=timeout)
        except subprocess.TimeoutExpired as late:
            raise Fault(f"{program.stem} did not finish within {timeout:g} seconds") from late
        if done.code:
            said = done.stderr.decode(errors="replace").strip().splitlines()
            raise Fault(f"{program.stem} failed in the lab: {said[-1] if said else f'exit code {done.code}'}")
        return done.stdout

    def start_program(self, program: Path, first_line: bytes, stdout: BinaryIO | None = None) -> Running:
        """Start it and give it its first line."""
        running = subprocess.Popen(
            self.lab.python_argv(program), stdin=subprocess.PIPE, stdout=stdout or subprocess.DEVNULL,
            stderr=subprocess.PIPE, env=netns.environment(),
        )  # fmt: skip
        assert running.stdin is not None
        running.stdin.write(first_line)
        running.stdin.flush()
        return Program(running)


def _seen(site: Site) -> Iterator[tuple[str, tuple[Address, ...]]]:
    """IPv4 leaves a home with the router's address, IPv6 with the machine's own delegated one."""
    router = tuple(each.ip for each in site.wan if each.version == 4)
    for seat in site.seats:
        yield seat.neighbour, (*router, *_delegated(site, seat.neighbour_addresses))
    for host in dict.fromkeys(seat.host for seat in site.seats):
        own = [a for seat in site.seats if seat.host == host for a in _delegated(site, seat.addresses)]
        yield host, (*router, *own)


def _delegated(site: Site, interfaces: tuple[Interface, ...]) -> tuple[Address, ...]:
    return tuple(i.ip for i in interfaces if i.version == 6 and i.ip in site.delegated)


def _lans(site: Site) -> Iterator[tuple[str, Segment]]:
    for segment in site.segments:
        hosts = {seat.host: _addresses(seat) for seat in segment.seats}
        for seat in segment.seats:
            yield seat.neighbour, Segment(tuple(i.ip for i in seat.neighbour_addresses), hosts)


def _addresses(seat: Seat) -> tuple[Address, ...]:
    return tuple(i.ip for i in seat.addresses)
