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
from warren.lab.anchors import TAG
from warren.lab.blueprint import Blueprint
from warren.lab.door import refuse

ALL = "`warren lab status` lists all places"


class Kind(StrEnum):
    """What stands at a place."""

    HOST = "host"
    SERVICE = "service"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Place:
    """`pid` holds the namespaces, as seen from outside the lab; a service's are named ones of its host."""

    name: str
    kind: Kind
    pid: int
    host: str | None = None

    @property
    def entry(self) -> tuple[str, ...]:
        """The words before a command that is to run here."""
        inner = ("ip", "netns", "exec", self.name) if self.kind is Kind.SERVICE else ()
        return (*netns.enter(self.pid), *inner)

    @property
    def namespace(self) -> str:
        """Its network namespace, as a path that a process of the lab itself can open."""
        inside = inner_pid(self.pid)
        return f"/proc/{inside}/root/run/netns/{self.name}" if self.kind is Kind.SERVICE else f"/proc/{inside}/ns/net"


def inner_pid(pid: int) -> int:
    """The process id inside the lab of one that is known from outside."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("NSpid:")).split()[-1])


def anchors(keeper: int) -> dict[str, int]:
    """Each anchor's tag and its process id as seen from outside."""
    found: dict[str, int] = {}
    for child in Path(f"/proc/{keeper}/task/{keeper}/children").read_text().split():
        with suppress(OSError):
            words = Path(f"/proc/{child}/cmdline").read_text(errors="replace").split("\0")
            found |= {word.removeprefix(TAG): int(child) for word in words if word.startswith(TAG)}
    return found


def places(keeper: int) -> dict[str, Place]:
    """Every place that there is now, by name; a service stands in front of another place of its name."""
    standing = [_standing(tag, pid) for tag, pid in anchors(keeper).items()]
    hosts = [place for place in standing if place.kind is Kind.HOST]
    services = [service for host in hosts for service in _services(host)]
    return {place.name: place for place in (*standing, *services)}


def _standing(tag: str, pid: int) -> Place:
    kind, _, name = tag.partition(":")
    return Place(name, Kind.HOST if kind == "host" else Kind.OTHER, pid, name if kind == "host" else None)


def _services(host: Place) -> Iterator[Place]:
    """The named namespaces of a host."""
    with suppress(OSError):
        for name in sorted(os.listdir(f"/proc/{host.pid}/root/run/netns")):
            yield Place(name, Kind.SERVICE, host.pid, host.name)


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
