"""A host as it described itself, and what is to be said about it.

In: the sections that `survey` brought back. Out: frozen values that checks read and make. Never touches a host, never
prints.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from warren.basis.diagnostic import Place
from warren.topology.model import Host, Topology


class Level(StrEnum):
    """`ERROR` keeps the network from working, `WARNING` will hurt some day, `NOTE` is worth knowing, `OK` is fine."""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Mend:
    """How a finding goes away.

    `command` is what a person would do, on the host unless it says otherwise. `script` is what `--fix` runs there as
    root; None where nobody but the owner of the machine should decide.
    """

    command: str
    script: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One plain sentence about a host, without a full stop; `code` is its stable name.

    `blocks` says that an apply must not begin while it is so.
    """

    level: Level
    code: str
    summary: str
    mend: Mend | None = None
    place: Place | None = None
    blocks: bool = False


@dataclass(frozen=True, slots=True)
class Survey:
    """Sections by name as the host printed them; `skew` is how many seconds its clock is ahead of ours."""

    sections: Mapping[str, str] = field(default_factory=dict)
    skew: float = 0.0

    def text(self, section: str) -> str:
        """One section, empty where it was not asked for or said nothing."""
        return self.sections.get(section, "")

    def lines(self, section: str) -> list[str]:
        """The lines of a section that say something."""
        return [line for line in self.text(section).splitlines() if line.strip()]

    def pairs(self, section: str) -> dict[str, str]:
        """The `name=value` lines of a section; of two the first counts."""
        found: dict[str, str] = {}
        for line in self.lines(section):
            name, equals, value = line.partition("=")
            if equals:
                found.setdefault(name.strip(), value.strip().strip('"'))
        return found


@dataclass(frozen=True, slots=True)
class Patient:
    """A host of the network under examination."""

    survey: Survey
    topology: Topology
    name: str

    @property
    def host(self) -> Host:
        """What the file says of it."""
        return self.topology.hosts[self.name]

    @property
    def has_services(self) -> bool:
        """Whether services live on it."""
        return bool(self.topology.services_of(self.name))

    @property
    def is_joined(self) -> bool:
        """Whether it is an end of a tunnel."""
        return any(self.name in (each.gateway, each.dialer) for each in self.topology.tunnels)


def ok(code: str, summary: str) -> Finding:
    """What is as it should be."""
    return Finding(Level.OK, code, summary)


def note(code: str, summary: str, mend: Mend | None = None) -> Finding:
    """What is worth knowing."""
    return Finding(Level.NOTE, code, summary, mend)


def warning(code: str, summary: str, mend: Mend | None = None, place: Place | None = None) -> Finding:
    """What will hurt some day."""
    return Finding(Level.WARNING, code, summary, mend, place)


def error(code: str, summary: str, mend: Mend | None = None, place: Place | None = None) -> Finding:
    """What keeps the network from working, though an apply may begin."""
    return Finding(Level.ERROR, code, summary, mend, place)


def block(code: str, summary: str, mend: Mend | None = None, place: Place | None = None) -> Finding:
    """What an apply must not begin with."""
    return Finding(Level.ERROR, code, summary, mend, place, blocks=True)


def worst(findings: Iterator[Finding] | tuple[Finding, ...]) -> Level:
    """The level that speaks for all of them."""
    order = list(Level)
    return max((each.level for each in findings), key=order.index, default=Level.OK)
