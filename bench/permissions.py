"""What a packet costs with 10, 1,000 and 10,000 permissions and as many exposures.

In: labs that differ in that number alone. Out: small datagrams a second through a host, as ratios to the smallest lab.
Leaves no lab behind.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from bench import quiet
from bench.commands import folder
from bench.paths.ground import apply, understood
from bench.paths.way import TOGETHER, TRAFFIC, speak
from bench.result import Goal, Result, Row, versus
from warren.lab import allowed
from warren.lab.build import build
from warren.lab.lab import Lab
from warren.lab.netns import environment

ORDER = 50
SIZES = (10, 1_000, 10_000)
EQUAL = Goal("at least", 0.95)
FIRST = 20_000
# The same number of connections at every size, spread over the permissions.
FLOWS = 8
SECONDS = "0.2"
PUBLIC = "203.0.113.10"


@dataclass(frozen=True, slots=True)
class Place:
    """A lab with so many permissions: who floods, whom, and where the kernel's count is read."""

    asker: tuple[str, ...]
    outside: tuple[str, ...]
    near: tuple[str, ...]
    address: str
    ports: tuple[str, ...]


def text(permissions: int) -> str:
    """One service that needs so many ports of another, each of which is exposed, too."""
    ports = ", ".join(f"p{at}: {FIRST + at}/udp" for at in range(permissions))
    exposed = ", ".join(f"{{port: {FIRST + at}/udp, to: p{at}}}" for at in range(permissions))
    return f"""\
version: 1
network: {{name: bench-permissions}}
hosts:
  vps: {{public: {PUBLIC}}}
services:
  asker: {{host: vps, image: registry.example.org/any:1, needs: [near]}}
  near:
    host: vps
    image: registry.example.org/any:1
    ports: {{{ports}}}
    expose: [{exposed}]
"""


def run(quick: bool) -> Result:
    """All sizes at once, in interleaved rounds."""
    if reason := allowed.why_not():
        return Result("permissions", (), (f"no lab can be built: {reason}",))
    with ExitStack() as labs:
        places = {size: labs.enter_context(_place(size)) for size in (SIZES[::2] if quick else SIZES)}
        return Result("permissions", tuple(_rows(places, 5 if quick else 21)))


@contextmanager
def _place(size: int) -> Iterator[Place]:
    with folder() as files:
        topology = understood(files / "warren.yaml", text(size))
    lab = build(topology, f"bench-permit-{size}-{os.getpid()}", tied=True)
    try:
        apply(lab, topology)
        yield _occupied(lab, size, str(topology.services["near"].addresses.v4))
    finally:
        lab.down()


def _occupied(lab: Lab, size: int, address: str) -> Place:
    ports = tuple(str(FIRST + at * size // FLOWS) for at in range(FLOWS))
    near = lab.place("near").entry
    subprocess.run(
        [*near, sys.executable, "-IS", str(TRAFFIC), "swallow", *ports],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True, env=environment(),
    )  # fmt: skip
    return Place(lab.place("asker").entry, lab.place("internet").entry, near, address, ports)


def _rows(places: Mapping[int, Place], rounds: int) -> Iterator[Row]:
    sizes = sorted(places)
    for what, inside in (("service to service", True), ("Internet to service", False)):
        rates: dict[int, list[float]] = {size: [] for size in places}
        for number in range(rounds):
            for size in sizes if number % 2 == 0 else sizes[::-1]:
                rates[size].append(_packets(places[size], inside))
        for size in sizes:
            if size != sizes[0]:
                work = f"{what}, {size:,} permissions and exposures: packets"
                yield versus(work, f"with {sizes[0]}", rates[size], rates[sizes[0]], "/s", EQUAL)


def _packets(place: Place, inside: bool) -> float:
    """Small datagrams in a second; all must arrive, or it would be a refusal that is measured."""
    quiet.wait()
    entry, address = (place.asker, place.address) if inside else (place.outside, PUBLIC)
    before = arrived(speak(place.near, "cat", "/proc/net/snmp"))
    argv = (*TOGETHER, sys.executable, "-IS", str(TRAFFIC), "flood", address, *place.ports, SECONDS)
    rate = float(speak(entry, *argv))
    came = arrived(speak(place.near, "cat", "/proc/net/snmp")) - before
    if came < rate * float(SECONDS) / 10:
        raise RuntimeError(f"of {rate:.0f} datagrams a second hardly any arrived")
    return rate


def arrived(snmp: str) -> int:
    """From the kernel's own count: datagrams read, waiting, and those for which there was no room."""
    names, values = (line.split()[1:] for line in snmp.splitlines() if line.startswith("Udp:"))
    counted = dict(zip(names, map(int, values), strict=True))
    return counted["InDatagrams"] + counted["RcvbufErrors"]
