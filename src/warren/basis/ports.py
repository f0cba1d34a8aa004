"""Ports and protocols.

In: `80`, `12345/udp` or `27015-27030/udp`. Out: a range and a protocol, or ValueError with one plain sentence.
Never knows what a port is for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

HIGHEST = 65535
WRITTEN = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?(?:/([a-z]+))?\Z")


class Protocol(StrEnum):
    """What a port belongs to."""

    TCP = "tcp"
    UDP = "udp"


@dataclass(frozen=True, slots=True, order=True)
class Ports:
    """The ports from `first` to `last`, both included; one port is the range of itself."""

    first: int
    last: int

    def __post_init__(self) -> None:
        if not 1 <= self.first <= HIGHEST or not 1 <= self.last <= HIGHEST:
            raise ValueError(f"{self} is not a port: ports go from 1 to {HIGHEST}")
        if self.first > self.last:
            raise ValueError(f"the port range {self} ends before it starts; write {self.last}-{self.first}")

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"

    def __len__(self) -> int:
        return self.last - self.first + 1

    def __contains__(self, port: object) -> bool:
        return isinstance(port, int) and self.first <= port <= self.last

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.first, self.last + 1))

    def overlaps(self, other: Ports) -> bool:
        """Whether any port is in both."""
        return self.first <= other.last and other.first <= self.last


def parse_ports(written: str | int) -> tuple[Ports, Protocol]:
    """A port or range and its protocol, TCP where none is named."""
    found = WRITTEN.match(str(written))
    if not found or isinstance(written, bool):
        raise ValueError(f"{str(written)[:40]!r} is not a port; write 80, 12345/udp or 27015-27030/udp")
    first, last, protocol = found.groups()
    if protocol not in (None, "tcp", "udp"):
        raise ValueError(f"{protocol!r} is not a protocol; write tcp or udp")
    return Ports(int(first), int(last or first)), Protocol(protocol or "tcp")
