"""A topology with what stands around it, indexed for questions.

In: a topology and the outside of its hosts. Out: frozen values. Never a claim.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_address

from warren.basis.address import (
    BOGONS4,
    BOGONS6,
    EVERYTHING4,
    EVERYTHING6,
    METADATA4,
    METADATA6,
    Address,
    Prefix,
    host_prefix,
    subtract,
)
from warren.basis.ports import Ports
from warren.prove.outside import Outside, Uplink
from warren.topology.model import Exposure, Topology

WORLD = (EVERYTHING4, EVERYTHING6)
# IPv6 addresses that stand for IPv4 ones: behind a translator they are those (RFC 6052, RFC 3056, RFC 4291).
CLOTHES = tuple(IPv6Network(text) for text in ("64:ff9b::/96", "2002::/16", "::/96"))
LOCAL_TRANSLATION = IPv6Network("64:ff9b:1::/48")
# What no kernel forwards.
UNROUTABLE: tuple[Prefix, ...] = (
    *(IPv4Network(text) for text in ("0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/4", "255.255.255.255/32")),
    *(IPv6Network(text) for text in ("::/128", "::1/128", "::ffff:0:0/96", "fe80::/10", "ff00::/8")),
)
LOOPBACKS = ("127.0.0.0/8", "::1")


@dataclass(frozen=True, slots=True)
class Around:
    """`own` are the addresses of each host outside the network: what goes there does not leave. `doors` are the
    exposures at each gateway. `texts` are the addresses of services and hosts inside, each written once."""

    topology: Topology
    uplinks: Mapping[str, tuple[Uplink, ...]]
    own: Mapping[str, tuple[Prefix, ...]]
    gateways: tuple[Prefix, ...]
    doors: Mapping[str, tuple[Exposure, ...]]
    texts: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, topology: Topology, outside: Outside) -> Around:
        """The index of a network."""
        uplinks = {name: outside.of(name) for name in topology.hosts}
        own = {name: tuple(_own(each) for one in held for each in one.addresses) for name, held in uplinks.items()}
        gateways = tuple(host_prefix(each) for host in topology.gateways for each in host.public)
        doors: dict[str, list[Exposure]] = {}
        for exposure in topology.exposures:
            if not exposure.is_lan:
                doors.setdefault(exposure.at, []).append(exposure)
        pairs = {name: host.addresses for name, host in topology.hosts.items()}
        pairs |= {name: service.addresses for name, service in topology.services.items()}
        texts = {name: tuple(map(str, pair)) for name, pair in pairs.items()}
        return cls(topology, uplinks, own, gateways, {at: tuple(held) for at, held in doors.items()}, texts)

    def lans(self, host: str) -> tuple[Prefix, ...]:
        """The prefixes of a host's LANs."""
        return tuple(prefix for lan in self.topology.hosts[host].lans for prefix in lan.prefixes)

    def families(self, host: str) -> frozenset[int]:
        """The families that a host has outside."""
        return frozenset(prefix.version for prefix in self.own[host])


def _own(text: str) -> Prefix:
    return host_prefix(_address(text.partition("/")[0]))


def _address(text: str) -> Address:
    return ip_address(text)


def in_clothes(prefix: IPv4Network) -> tuple[IPv6Network, ...]:
    """An IPv4 prefix in IPv6's clothes."""
    return tuple(
        IPv6Network(
            (
                int(outer.network_address) + (int(prefix.network_address) << (96 - outer.prefixlen)),
                outer.prefixlen + prefix.prefixlen,
            )
        )
        for outer in CLOTHES
    )


@cache
def disguised() -> tuple[Prefix, ...]:
    """IPv6 addresses that stand for IPv4 ones which nobody outside has."""
    return (LOCAL_TRANSLATION, *(each for bogon in BOGONS4 for each in in_clothes(bogon)))


@cache
def span(ports: Ports) -> tuple[int, int]:
    """The first and the last port; many claims have the same ones."""
    return ports.first, ports.last


@cache
def everywhere() -> tuple[Prefix, ...]:
    """The Internet."""
    return tuple(subtract(WORLD, (*BOGONS4, *BOGONS6, *disguised())))


@cache
def metadata() -> tuple[Prefix, ...]:
    """Where clouds answer their machines, in both spellings."""
    served: tuple[Address, ...] = (*METADATA4, *METADATA6)
    clothed = (each for one in METADATA4 for each in in_clothes(IPv4Network(one)))
    return (*(host_prefix(each) for each in served), *clothed)
