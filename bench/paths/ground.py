"""The lab in which every way stands: warren's hosts beside those where the same is made by hand, or by others.

In: nothing. Out: a lab with warren applied on two of its hosts only. Never keeps it beyond the calling program.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.commands import folder
from warren import pipeline
from warren.hosts.base import Result
from warren.lab.build import build
from warren.lab.lab import Lab
from warren.topology.model import Topology

HEAD = """\
version: 1
network: {name: bench-path}
hosts:
  vps: {public: 203.0.113.10}
  home: {lan: 192.168.2.0/24, egress: vps, gateways: [vps]}
"""
# Nothing of warren's is ever applied to these.
OTHERS = """\
  hand: {public: 203.0.113.11}
  hand-home: {lan: 192.168.3.0/24, egress: hand, gateways: [hand]}
  bare: {public: 203.0.113.12}
  bare-home: {lan: 192.168.4.0/24, egress: bare, gateways: [bare]}
  strict: {public: 203.0.113.15}
  slirp: {public: 203.0.113.13}
  pasta: {public: 203.0.113.14}
"""
SERVICES = """\
services:
  near:
    host: vps
    image: registry.example.org/any:1
    ports: {bulk: 5201, ask: 7000}
    expose: [{port: 5201, to: bulk}, {port: 7000, to: ask}]
  # Counted as everybody's are, and never too many: what a new connection costs is measured, not how many there may be.
  asker: {host: vps, image: registry.example.org/any:1, needs: [near], connections: 1000000}
  far:
    host: home
    image: registry.example.org/any:1
    ports: {bulk: 5201, ask: 7000}
    expose: [{port: 5202, to: bulk, at: vps}, {port: 7001, to: ask, at: vps}]
"""


@dataclass(frozen=True, slots=True)
class Ground:
    """The lab, and the topology that warren applied in it."""

    lab: Lab
    topology: Topology

    def sh(self, host: str, script: str, timeout: float = 30) -> str:
        """Run a script on a host of the lab; one that fails is raised with its own words."""
        done: Result = self.lab.host(host).run(f"set -e\n{script}", timeout=timeout)
        if done.code:
            raise RuntimeError(f"{host}: {done.stderr.decode(errors='replace').strip() or done.code}")
        return done.stdout.decode(errors="replace")

    def entry(self, place: str) -> tuple[str, ...]:
        """The words that lead a command to a place."""
        return self.lab.place(place).entry

    def address(self, service: str) -> str:
        """A service's IPv4 address."""
        return str(self.topology.services[service].addresses.v4)


@contextmanager
def ground() -> Iterator[Ground]:
    """Built, applied, and gone at the end."""
    ours, all_of_it = _topology(HEAD + SERVICES), _topology(HEAD + OTHERS + SERVICES)
    lab = build(all_of_it, f"bench-path-{os.getpid()}", tied=True)
    try:
        apply(lab, ours)
        yield Ground(lab, ours)
    finally:
        lab.down()


def apply(lab: Lab, topology: Topology) -> None:
    """What `warren apply` does, on the hosts of this topology alone."""
    hosts = {name: lab.host(name) for name in topology.hosts}
    done = pipeline.apply(pipeline.plan(topology, hosts), hosts)
    if done.failure:
        raise RuntimeError(f"{done.failure.host}: {done.failure.reason}")


def _topology(text: str) -> Topology:
    with folder() as place:
        return understood(place / "warren.yaml", text)


def understood(path: Path, text: str) -> Topology:
    """The topology of a text."""
    path.write_text(text)
    return pipeline.understand(path).topology
