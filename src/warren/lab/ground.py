"""Where everything stands in the small Internet: addresses, chosen around those of the file.

In: a topology. Out: clients, sites with their routers and LANs, each host's seat on them. Never touches a kernel.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network, ip_address
from itertools import chain, count
from typing import TypeAlias

from warren.topology.model import Address, Host, Lan, Pair, Prefix, Topology

Interface: TypeAlias = IPv4Interface | IPv6Interface

# Outside, in the documentation ranges: name, IPv4, IPv6. `server` answers what the network's own services ask.
CLIENTS = (
    ("internet", "198.51.100.7", "2001:db8:ffff::7"),
    ("internet2", "192.0.2.77", "2001:db8:fffe::77"),
    ("server", "192.0.2.53", "2001:db8:fffd::53"),
)
# The provider's side of every /32: on each port of the core, as some providers really do it.
HOP4 = "198.19.255.1"
HOP6 = "fe80::1"
# Homes get benchmark addresses as their public ones, and delegated documentation prefixes.
WAN4 = IPv4Network("198.18.0.0/15")
WAN6 = IPv6Network("2001:db8:f000::/36")
DELEGATED = IPv6Network("2001:db8:a000::/36")
ULA = IPv6Network("fc00::/7")


@dataclass(frozen=True, slots=True)
class Client:
    """A machine outside with one address of each family."""

    name: str
    addresses: Pair


@dataclass(frozen=True, slots=True)
class Seat:
    """A host's place on a LAN, and the neighbour that stands beside it there."""

    site: str
    host: str
    lan: str
    order: int
    interface: str
    addresses: tuple[Interface, ...]
    neighbour: str
    neighbour_addresses: tuple[Interface, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """A LAN: a bridge on the site's router. `router` are the router's addresses on it."""

    bridge: str
    router: tuple[Interface, ...]
    seats: tuple[Seat, ...]


@dataclass(frozen=True, slots=True)
class Site:
    """A home: a router that translates IPv4 and lets only outgoing connections through, and the LANs behind it.

    `wan` are the router's addresses outside, `core` those of the provider at the other end of its line.
    """

    name: str
    number: int
    wan: tuple[Interface, ...]
    core: tuple[Interface, ...]
    delegated: IPv6Network
    segments: tuple[Segment, ...]

    @property
    def routed(self) -> tuple[IPv6Network, ...]:
        """The IPv6 prefixes that the Internet reaches here: what the router's filter refuses is another matter."""
        on_lans = (a.network for segment in self.segments for a in segment.router if isinstance(a, IPv6Interface))
        public = (n for n in on_lans if not n.overlaps(ULA) and not n.overlaps(self.delegated))
        return (self.delegated, *dict.fromkeys(public))

    @property
    def seats(self) -> tuple[Seat, ...]:
        return tuple(chain.from_iterable(segment.seats for segment in self.segments))


@dataclass(frozen=True, slots=True)
class Ground:
    """The whole small Internet."""

    hop: IPv4Address
    clients: tuple[Client, ...]
    sites: tuple[Site, ...]


def survey(topology: Topology) -> Ground:
    """Choose every address that the file leaves open."""
    taken = tuple(taken_by(topology))
    return Ground(
        hop=IPv4Address(_free(HOP4, taken)),
        clients=tuple(
            Client(name, Pair(IPv4Address(_free(v4, taken)), IPv6Address(_free(v6, taken)))) for name, v4, v6 in CLIENTS
        ),
        sites=tuple(_site(name, hosts, taken) for name, hosts in _households(topology).items()),
    )


def taken_by(topology: Topology) -> Iterator[Prefix]:
    """Every prefix and address that the file uses."""
    yield topology.prefix4
    yield topology.prefix6
    for host in topology.hosts.values():
        yield from host.prefixes
        yield from (prefix for lan in host.lans for prefix in lan.prefixes)
        yield from (_network(address) for address in host.public)


def _network(address: Address) -> Prefix:
    return IPv4Network(address) if isinstance(address, IPv4Address) else IPv6Network(address)


def _free(wish: str, taken: Iterable[Prefix]) -> Address:
    """The wished address, or the next one that the file does not use."""
    first = ip_address(wish)
    return next(a for a in (first + i for i in count()) if not any(a in prefix for prefix in taken))


def _free_prefix(whole: Prefix, length: int, wish: int, taken: Iterable[Prefix]) -> Prefix:
    """The prefix number `wish` of this length in a range, or one after it that the file does not use."""
    size = whole.max_prefixlen - length
    kind = type(whole)
    span = 1 << (length - whole.prefixlen)
    for number in range(wish, wish + span):
        found = kind((int(whole.network_address) + (number % span << size), length))
        if not any(found.version == p.version and found.overlaps(p) for p in taken):
            return found
    raise ValueError(f"the file uses the whole of {whole}")


def _households(topology: Topology) -> dict[str, list[Host]]:
    """Hosts by site; a host without one is its own. A gateway is at a site only where it has a LAN."""
    households: dict[str, list[Host]] = {}
    for host in topology.hosts.values():
        if host.lans or not host.is_gateway:
            households.setdefault(host.site or host.name, []).append(host)
    return {name: sorted(hosts, key=lambda host: host.number) for name, hosts in households.items()}


def _site(name: str, hosts: list[Host], taken: tuple[Prefix, ...]) -> Site:
    """A home with its hosts, numbered by the first of them."""
    number = hosts[0].number
    wan4 = _free_prefix(WAN4, 24, number, taken)
    wan6 = _free_prefix(WAN6, 64, number << 16, taken)
    delegated = _free_prefix(DELEGATED, 48, number, taken)
    assert isinstance(delegated, IPv6Network)
    return Site(
        name=name,
        number=number,
        wan=(_interface(wan4, 1), _interface(wan6, 1)),
        core=(_interface(wan4, 254), _interface(wan6, 254)),
        delegated=delegated,
        segments=tuple(_segments(name, hosts, delegated, taken)),
    )


def _segments(site: str, hosts: list[Host], delegated: IPv6Network, taken: tuple[Prefix, ...]) -> Iterator[Segment]:
    """One segment for each distinct set of LAN prefixes of the site; the provider's prefix where none is named."""
    found: dict[tuple[Prefix, ...], list[tuple[Host, int, Lan]]] = {}
    default = default_lan(hosts[0], taken)
    for host in hosts:
        for index, lan in enumerate(host.lans or (default,)):
            found.setdefault(lan.prefixes, []).append((host, index, lan))
    for number, (prefixes, members) in enumerate(found.items()):
        every = prefixes if any(map(_is_global6, prefixes)) else (*prefixes, _subnet(delegated, number))
        seats = tuple(_seat(site, *member, order, every) for order, member in enumerate(members))
        yield Segment(f"lan{number}", tuple(_interface(prefix, 1) for prefix in every), seats)


def _is_global6(prefix: Prefix) -> bool:
    return isinstance(prefix, IPv6Network) and not prefix.overlaps(ULA)


def default_lan(host: Host, taken: tuple[Prefix, ...]) -> Lan:
    """The LAN of hosts that name none."""
    whole = IPv4Network("192.168.0.0/16")
    return Lan("lan", (_free_prefix(whole, 24, (77 + host.number) % 256, taken),))


def _subnet(delegated: IPv6Network, number: int) -> IPv6Network:
    return IPv6Network((int(delegated.network_address) + (number << 64), 64))


def _seat(site: str, host: Host, index: int, lan: Lan, order: int, prefixes: tuple[Prefix, ...]) -> Seat:
    """Where a host sits on one of its LANs; a gateway's first interface is its line to the Internet."""
    at = f"lan:{host.name}" if index == 0 else f"lan:{host.name}/{lan.name}"
    return Seat(
        site=site,
        host=host.name,
        lan=lan.name,
        order=order,
        interface=f"eth{index + host.is_gateway}",
        addresses=tuple(_host_interface(host, prefix, order) for prefix in prefixes),
        neighbour=at,
        neighbour_addresses=tuple(_interface(prefix, 50 + order) for prefix in prefixes),
    )


def _host_interface(host: Host, prefix: Prefix, order: int) -> Interface:
    """The address by which the file reaches the host, where it is on this LAN; else number 10 and following."""
    wish = _ssh_address(host)
    if wish is not None and wish in prefix and wish != prefix[1]:
        return _pair(wish, prefix.prefixlen)
    return _interface(prefix, 10 + order)


def _ssh_address(host: Host) -> Address | None:
    try:
        return ip_address((host.ssh or "").rpartition("@")[2].strip("[]"))
    except ValueError:
        return None


def _interface(prefix: Prefix, number: int) -> Interface:
    """Address `number` of a prefix; in a small one, hosts (from 10) follow the router, neighbours (from 50) end it."""
    last = prefix.num_addresses - 2
    if number > last:
        number = last - (number - 50) if number >= 50 else number - 8
    return _pair(prefix[max(0, min(number, last))], prefix.prefixlen)


def _pair(address: Address, length: int) -> Interface:
    if isinstance(address, IPv4Address):
        return IPv4Interface((address, length))
    return IPv6Interface((address, length))
