"""Topologies made by hand, for tests of the lab that need no file.

In: numbers of hosts. Out: topologies. Never builds anything.
"""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from warren.basis.address import Ports, Protocol
from warren.topology.model import (
    Egress,
    EgressKind,
    Guard,
    Host,
    Lan,
    LocalPort,
    Pair,
    Port,
    Service,
    Topology,
)

PREFIX4 = IPv4Network("10.86.0.0/16")
PREFIX6 = IPv6Network("fd86::/48")


def pair(host: int, number: int) -> Pair:
    """Address `number` of a host's prefixes."""
    return Pair(IPv4Address(f"10.86.{host}.{number}"), IPv6Address(f"fd86:0:0:{host:x}::{number:x}"))


def host(name: str, number: int, public: tuple[str, ...] = (), lans: tuple[str, ...] = (), **more: object) -> Host:
    """A host; `lans` are prefixes, each a LAN of its own."""
    names = ("lan", "iot", "guests")
    made = Host(
        name=name,
        number=number,
        addresses=pair(number, 1),
        prefixes4=(IPv4Network(f"10.86.{number}.0/24"),),
        prefix6=IPv6Network(f"fd86:0:0:{number:x}::/64"),
        public=tuple(ip_address(address) for address in public),
        lans=tuple(Lan(lan, (ip_network(prefix),)) for lan, prefix in zip(names, lans, strict=False)),
        egress=Egress(EgressKind.DIRECT),
        programs=(),
        guard=None,
        tunnel_port=51820,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def service(name: str, of: Host, number: int, *ports: Port, localhost: tuple[LocalPort, ...] = ()) -> Service:
    """A service with address `number` on its host."""
    return Service(name, of.name, pair(of.number, number), ports, Egress(EgressKind.DIRECT), localhost)


def port(name: str, first: int, last: int | None = None, protocol: Protocol = Protocol.TCP) -> Port:
    """A named port or range."""
    return Port(name, protocol, Ports(first, last or first))


def topology(*hosts: Host, services: tuple[Service, ...] = (), name: str = "worlds") -> Topology:
    """A network of these."""
    return Topology(
        name=name,
        domain=None,
        prefix4=PREFIX4,
        prefix6=PREFIX6,
        hosts={one.name: one for one in hosts},
        services={one.name: one for one in services},
        tunnels=(),
        permissions=(),
        exposures=(),
    )


VPS = host("vps", 1, ("203.0.113.10", "2001:db8:10::10"), guard=Guard(22, None))
HOME = host("home", 2, lans=("192.168.2.0/24",), programs=(port("mysql", 3306),))
BLOG = service("blog", VPS, 2, port("web", 80))
DB = service("db", HOME, 2, port("sql", 5432))
GAME = service("game", HOME, 3, port("play", 12345, protocol=Protocol.UDP), port("range", 27015, 27018, Protocol.UDP))


def two_hosts(name: str = "worlds") -> Topology:
    """A gateway and a home, three services."""
    return topology(VPS, HOME, services=(BLOG, DB, GAME), name=name)


def many_hosts(count: int, name: str = "many") -> Topology:
    """A gateway and `count - 1` homes."""
    homes = (host(f"home{number}", number, lans=(f"192.168.{number}.0/24",)) for number in range(2, count + 1))
    return topology(VPS, *homes, name=name)
