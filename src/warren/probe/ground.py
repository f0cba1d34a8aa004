"""What probing asks of the place where a network runs.

In: nothing. Out: the types through which a lab, or real hosts, offer their places. Never knows which one it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import BinaryIO, Protocol, TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address

PROGRAMS = Path(__file__).parent


class Fault(Exception):
    """The ground did not do what was asked of it: a program failed, a place is gone. The sentence is for the user."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One LAN as it is on the ground: the neighbour's addresses, and those of the hosts that stand on it."""

    neighbour: tuple[Address, ...]
    hosts: Mapping[str, tuple[Address, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the file does not say and the ground knows.

    `seen`: for each outside place and each host, the addresses with which it appears in the Internet. `lans`: by place
    (`lan:HOST`, `lan:HOST/NAME`). `server`: addresses of a machine in the Internet that answers at `server_ports`;
    neighbours answer at `neighbour_ports` where they answer at all. `outside_names` are names of the Internet with the
    addresses that a service may be told, `forged_names` those whose proofs are false; `authority` is the certificate
    that those of HTTPS are signed by, as PEM. `real` are the TCP ports of hosts where a program of their own answers,
    and no stand-in.
    """

    seen: Mapping[str, tuple[Address, ...]]
    lans: Mapping[str, Segment] = field(default_factory=dict)
    server: tuple[Address, ...] = ()
    server_ports: tuple[int, ...] = (53, 443)
    neighbour_ports: tuple[int, ...] = ()
    outside_names: Mapping[str, tuple[Address, ...]] = field(default_factory=dict)
    forged_names: tuple[str, ...] = ()
    authority: str = ""
    real: frozenset[tuple[str, int]] = frozenset()


class Running(Protocol):
    """A program that runs until its standard input ends; `stop` ends it and returns what it wrote to stderr."""

    def stop(self, timeout: float = 10.0) -> bytes: ...


class Ground(Protocol):
    """A network that runs.

    `namespaces` names for each place the path of its network namespace as the programs see it; a path may not exist
    yet. `uplinks` are places (the routers of the sites) that see every packet that leaves a home, by the host's name.
    Programs are Python files that use the standard library alone.
    """

    def namespaces(self) -> Mapping[str, str]: ...

    def surroundings(self) -> Surroundings: ...

    def uplinks(self) -> Mapping[str, str]: ...

    def run_program(self, program: Path, stdin: bytes, timeout: float) -> bytes: ...

    def start_program(self, program: Path, first_line: bytes, stdout: BinaryIO | None = None) -> Running: ...
