"""What every service has sent and received, by path.

In: the counters of hosts as `nft -j` lists them, and the topology that names their addresses. Out: counts by service,
path and direction. Never reads a host, never resets a counter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from warren.formats.nft.model import Key, Prefix
from warren.formats.nft.read import Counts, counters
from warren.topology.model import Topology

TABLE = "warren_count"


class Path(StrEnum):
    """What lies at the other end of the first link: the Internet, a tunnel, a LAN, another service of the host."""

    PUBLIC = "public"
    TUNNEL = "tunnel"
    LAN = "lan"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Count:
    """Packets and bytes, headers of IP included."""

    packets: int = 0
    size: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.packets + other.packets, self.size + other.size)


@dataclass(frozen=True, slots=True)
class Traffic:
    """Both directions, as the service sees them."""

    received: Count = Count()
    sent: Count = Count()

    def __add__(self, other: Traffic) -> Traffic:
        return Traffic(self.received + other.received, self.sent + other.sent)


Accounts: TypeAlias = Mapping[str, Mapping[Path, Traffic]]


def accounts(topology: Topology, tables: Mapping[str, str]) -> Accounts:
    """Every service's traffic, in the order of the file; `tables` maps hosts to the text of their counters.

    A gateway counts what it forwards for services of other hosts. Of that only the public part is added: the way to it
    by the tunnel has been counted where the service runs.
    """
    owners = {Prefix.of(a): (s.name, s.host) for s in topology.services.values() for a in s.addresses}
    found: dict[str, dict[Path, Traffic]] = {name: {} for name in topology.services}
    for host, text in tables.items():
        for address, path, traffic in _counted(text):
            service, home = owners.get(address, (None, None))
            if service is not None and (home == host or path is Path.PUBLIC):
                found[service][path] = found[service].get(path, Traffic()) + traffic
    return found


def _counted(text: str) -> Iterator[tuple[Prefix, Path, Traffic]]:
    """Every counter of one host, both families."""
    if not text.strip():
        return
    for name, elements in counters(text, "inet", TABLE).items():
        stem = name.rstrip("46")
        for key, counts in elements.items():
            if isinstance(key[0], Prefix) and stem in ("out", "in", "out_lan", "in_lan"):
                yield key[0], _path(stem, key), _traffic(stem, counts)


def _path(stem: str, key: Key) -> Path:
    if stem.endswith("_lan"):
        return Path.LAN
    interface = str(key[1])
    if interface.startswith("v-"):
        return Path.INTERNAL
    return Path.TUNNEL if interface.startswith("wrn-") else Path.PUBLIC


def _traffic(stem: str, counts: Counts) -> Traffic:
    count = Count(*counts)
    return Traffic(sent=count) if stem.startswith("out") else Traffic(received=count)
