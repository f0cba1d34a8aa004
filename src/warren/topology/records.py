"""What the registrar of the file's names must be told, and what of it is so.

In: a topology; the addresses that were found. Out: records, and sentences about those that differ. Never the address of
a host that is not a gateway.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from warren.topology.model import Address, Topology


@dataclass(frozen=True, slots=True)
class DnsRecord:
    """One record: `A` or `AAAA` with a gateway's address."""

    name: str
    kind: str
    content: str


def records(topology: Topology) -> tuple[DnsRecord, ...]:
    """Every record that the names of the file need, each once."""
    return tuple(
        dict.fromkeys(
            DnsRecord(web.name, "A" if address.version == 4 else "AAAA", str(address))
            for web in topology.https
            for address in topology.hosts[web.at].public
        )
    )


def differences(topology: Topology, found: Mapping[str, tuple[Address, ...]]) -> Iterator[str]:
    """What the names lead to elsewhere, or not at all; `found` holds what was asked, by name."""
    wanted: dict[str, set[str]] = {}
    for one in records(topology):
        wanted.setdefault(one.name, set()).add(one.content)
    for name, contents in wanted.items():
        have = {str(address) for address in found.get(name, ())}
        for missing in sorted(contents - have):
            yield f"`{name}` does not lead to {missing}"
        for strange in sorted(have - contents):
            yield f"`{name}` also leads to {strange}, which is no address of its gateway"
