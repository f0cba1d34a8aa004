"""Places of a lab, and how a command enters each: a host, a service, a client outside, a neighbour, a router.

In: a lab's keeper. Out: places by name, or a sentence that says what was meant. Never starts anything.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path

from warren.lab import netns
from warren.lab.anchors import MACHINE, TAG
from warren.lab.blueprint import Blueprint
from warren.lab.door import refuse
from warren.lab.machines import entry
from warren.lab.machines.disk import init_link

ALL = "`warren lab status` lists all places"


class Kind(StrEnum):
    """What stands at a place."""

    HOST = "host"
    SERVICE = "service"
    OTHER = "other"


class Machine(StrEnum):
    """Whether a place is a whole machine."""

    NONE = "none"
    ON = "on"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Place:
    """`pid` holds the namespaces, as seen from outside the lab; a service's are named ones of its host."""

    name: str
    kind: Kind
    pid: int
    host: str | None = None
    machine: Machine = Machine.NONE

    @property
    def entry(self) -> tuple[str, ...]:
        """The words before a command that is to run here."""
        if self.machine is Machine.OFF:
            raise refuse("place", f"{self.name} is switched off", f"`warren lab reboot {self.name}` switches it on")
        inner = ("ip", "netns", "exec", self.name) if self.kind is Kind.SERVICE else ()
        return (*(netns.enter(self.pid) if self.machine is Machine.NONE else entry.words(self.pid)), *inner)

    @property
    def namespace(self) -> str:
        """Its network namespace, as a path that processes of the lab can open; a machine's outlives its boots."""
        inside = f"/proc/{inner_pid(self.pid)}" if self.machine is Machine.NONE else init_link(self.host or self.name)
        return f"{inside}/root/run/netns/{self.name}" if self.kind is Kind.SERVICE else f"{inside}/ns/net"


def inner_pid(pid: int) -> int:
    """The process id inside the lab of one that is known from outside."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    numbers = next(line for line in lines if line.startswith("NSpid:")).split()[1:]
    # A machine in the lab has a third number, its own.
    return int(numbers[:2][-1])


def anchors(keeper: int, prefix: str = TAG) -> dict[str, int]:
    """Each anchor's tag and its process id as seen from outside; those of machines have another prefix."""
    found: dict[str, int] = {}
    for child in Path(f"/proc/{keeper}/task/{keeper}/children").read_text().split():
        with suppress(OSError):
            words = Path(f"/proc/{child}/cmdline").read_text(errors="replace").split("\0")
            found |= {word.removeprefix(prefix): int(child) for word in words if word.startswith(prefix)}
    return found


def machines(keeper: int) -> dict[str, int]:
    """The plug of every machine by its host's name, as seen from outside."""
    return {tag.partition(":")[2]: pid for tag, pid in anchors(keeper, MACHINE).items()}


def places(keeper: int) -> dict[str, Place]:
    """Every place that there is now, by name; a service stands in front of another place of its name."""
    standing = [_standing(tag, pid) for tag, pid in anchors(keeper).items()]
    standing += [_machine(name, pid) for name, pid in machines(keeper).items()]
    hosts = [place for place in standing if place.kind is Kind.HOST]
    services = [service for host in hosts for service in _services(host)]
    return {place.name: place for place in (*standing, *services)}


def _standing(tag: str, pid: int) -> Place:
    kind, _, name = tag.partition(":")
    return Place(name, Kind.HOST if kind == "host" else Kind.OTHER, pid, name if kind == "host" else None)


def _machine(name: str, plug: int) -> Place:
    """A machine; one that is switched off has a network all the same."""
    init = entry.first(plug)
    return Place(name, Kind.HOST, init or plug, name, Machine.ON if init else Machine.OFF)


def _services(host: Place) -> Iterator[Place]:
    """The named namespaces of a host."""
    if host.machine is Machine.OFF:
        return
    with suppress(OSError):
        for name in sorted(os.listdir(f"/proc/{host.pid}/root/run/netns")):
            yield Place(name, Kind.SERVICE, host.pid, host.name, host.machine)


def find(name: str, known: Mapping[str, Place], blueprint: Blueprint) -> Place:
    """The place of this name, or one of its other names; what is declared explains one that does not stand yet."""
    canonical = blueprint.aliases.get(name, name)
    if canonical in known:
        return known[canonical]
    if host := blueprint.services.get(name):
        raise refuse("place", f"service `{name}` is not built on {host} yet", "`warren lab apply` builds it")
    raise refuse("place", f"there is no place `{name}`", meant(name, {*known, *blueprint.services}))


def meant(name: str, known: Iterable[str]) -> str:
    """What may have been meant, and where all places are listed."""
    names = sorted(known)
    near = [*get_close_matches(name, names), *(each for each in names if name in each.split(":"))]
    close = ", ".join(f"`{each}`" for each in dict.fromkeys(near))
    return f"did you mean {close}? {ALL}" if close else ALL
