"""The ground as a text that the lab keeps, and as it is after its homes have moved.

In: a ground, and how often each home has got new addresses. Out: JSON and back; the ground as it is now. Never chooses
an address that a move does not ask for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from ipaddress import IPv4Address, IPv4Interface, IPv6Address, IPv6Interface, IPv6Network, ip_interface
from typing import Any

from warren.lab.ground import DELEGATED, Client, Ground, Interface, Seat, Segment, Site
from warren.topology.model import Address, Pair, Topology

# So many other /48 lie between a home's prefix and its next.
STRIDE = 0x400


@dataclass(frozen=True, slots=True)
class Chart:
    """The ground with the public addresses of the gateways: all that faults and verification ask about."""

    ground: Ground
    public: Mapping[str, tuple[Address, ...]]

    def to_json(self) -> str:
        return json.dumps(asdict(self), default=str)

    def site_of(self, host: str) -> Site | None:
        """The home where a host has its line; None for a gateway, whose line is the Internet's."""
        sites = (site for site in self.ground.sites if any(seat.host == host for seat in site.seats))
        return None if host in self.public else next(sites, None)

    @property
    def hosts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys([*self.public, *(seat.host for site in self.ground.sites for seat in site.seats)]))

    def moved(self, moves: Mapping[str, int]) -> Chart:
        """The chart after each home named here has moved so many times."""
        sites = tuple(moved(site, moves.get(site.name, 0)) for site in self.ground.sites)
        return replace(self, ground=replace(self.ground, sites=sites))


def chart(topology: Topology, ground: Ground) -> Chart:
    """What the lab keeps of a topology."""
    return Chart(ground, {host.name: host.public for host in topology.gateways})


def from_json(text: bytes) -> Chart:
    """Read what `Chart.to_json` wrote."""
    read = json.loads(text)
    ground = read["ground"]
    clients = tuple(Client(c["name"], _pair(c["addresses"])) for c in ground["clients"])
    sites = tuple(_site(site) for site in ground["sites"])
    public = {name: tuple(ip_interface(a).ip for a in addresses) for name, addresses in read["public"].items()}
    return Chart(Ground(IPv4Address(ground["hop"]), clients, sites), public)


def _pair(read: Mapping[str, str]) -> Pair:
    return Pair(IPv4Address(read["v4"]), IPv6Address(read["v6"]))


def _site(read: dict[str, Any]) -> Site:
    interfaces = {name: _interfaces(read[name]) for name in ("wan", "core")}
    segments = tuple(_segment(segment) for segment in read["segments"])
    return Site(**{**read, **interfaces, "delegated": IPv6Network(read["delegated"]), "segments": segments})


def _segment(read: dict[str, Any]) -> Segment:
    seats = tuple(
        Seat(**{**seat, **{name: _interfaces(seat[name]) for name in ("addresses", "neighbour_addresses")}})
        for seat in read["seats"]
    )
    return Segment(read["bridge"], _interfaces(read["router"]), seats)


def _interfaces(read: list[str]) -> tuple[Interface, ...]:
    return tuple(ip_interface(text) for text in read)


def moved(site: Site, times: int) -> Site:
    """A home after its provider gave it other addresses: the router's own, and the prefix that is delegated to it."""
    if not times:
        return site
    span = 1 << (48 - DELEGATED.prefixlen)
    first = int(DELEGATED.network_address) >> 80
    number = (int(site.delegated.network_address) >> 80) - first
    fresh = IPv6Network(((first + (number + STRIDE * times) % span) << 80, 48))
    return replace(
        site,
        wan=tuple(_next(address, times) for address in site.wan),
        delegated=fresh,
        segments=tuple(_moved_segment(segment, site.delegated, fresh) for segment in site.segments),
    )


def _next(address: Interface, times: int) -> Interface:
    number = (int(address.ip) - int(address.network.network_address) + times - 1) % 250 + 1
    return ip_interface(f"{address.network[number]}/{address.network.prefixlen}")


def _moved_segment(segment: Segment, old: IPv6Network, new: IPv6Network) -> Segment:
    def move(addresses: tuple[Interface, ...]) -> tuple[Interface, ...]:
        return tuple(_renumbered(address, old, new) for address in addresses)

    seats = tuple(
        replace(seat, addresses=move(seat.addresses), neighbour_addresses=move(seat.neighbour_addresses))
        for seat in segment.seats
    )
    return replace(segment, router=move(segment.router), seats=seats)


def _renumbered(address: Interface, old: IPv6Network, new: IPv6Network) -> Interface:
    """The same address below another prefix; one that is not below the old prefix stays."""
    if isinstance(address, IPv4Interface) or address.ip not in old:
        return address
    shifted = int(address.ip) - int(old.network_address) + int(new.network_address)
    return IPv6Interface((shifted, address.network.prefixlen))
