"""Hand-made topologies that many tests share.

In: nothing. Out: frozen topologies. Never read from a file, so that a fault in reading cannot hide one behind it.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from warren.basis.ports import Ports, Protocol
from warren.topology.model import (
    Egress,
    EgressKind,
    Exposure,
    Guard,
    Host,
    Lan,
    Pair,
    Port,
    ProgramPermission,
    Rate,
    Service,
    ServicePermission,
    Topology,
    Tunnel,
)

PREFIX4 = IPv4Network("10.86.0.0/16")
PREFIX6 = IPv6Network("fd86:86:86::/48")
DIRECT = Egress(EgressKind.DIRECT)
NONE = Egress(EgressKind.NONE)
LAN = Egress(EgressKind.LAN)


def through(gateway: str) -> Egress:
    """The way out through a gateway."""
    return Egress(EgressKind.GATEWAY, gateway)


def pair(host: int, number: int) -> Pair:
    """The addresses of a number on a host."""
    return Pair(PREFIX4[host * 256 + number], PREFIX6[(host << 64) + number])


def host(name: str, number: int, *public: str, egress: Egress = DIRECT, lan: str | None = None) -> Host:
    """A host; a gateway when it has public addresses, and then guarded."""
    block6 = IPv6Network((int(PREFIX6.network_address) + (number << 64), 64))
    return Host(
        name=name,
        number=number,
        addresses=pair(number, 1),
        prefixes4=(IPv4Network((int(PREFIX4.network_address) + number * 256, 24)),),
        prefix6=block6,
        public=tuple(ip_address(each) for each in public),
        lans=(Lan("lan", (ip_network(lan),)),) if lan else (),
        egress=egress,
        programs=(),
        guard=Guard(22, Rate(3, 20)) if public else None,
        tunnel_port=51820,
    )


def service(name: str, where: str, addresses: Pair, egress: Egress, **ports: str) -> Service:
    """A service with ports such as web="80/tcp"."""
    made = []
    for port, written in ports.items():
        numbers, protocol = written.split("/")
        first, _, last = numbers.partition("-")
        made.append(Port(port, Protocol(protocol), Ports(int(first), int(last or first))))
    return Service(name, where, addresses, tuple(made), egress)


def two_hosts() -> Topology:
    """A gateway and a home behind NAT: blog on the gateway; cloud, db and game at home, cloud needs db."""
    vps = host("vps", 0, "203.0.113.10", "2001:db8:10::10")
    home = host("home", 1, egress=through("vps"), lan="192.168.2.0/24")
    services = (
        service("blog", "vps", pair(0, 2), DIRECT, web="80/tcp"),
        service("cloud", "home", pair(1, 2), through("vps"), web="80/tcp"),
        service("db", "home", pair(1, 3), NONE, sql="5432/tcp"),
        service("game", "home", pair(1, 4), through("vps"), play="12345/udp", query="12346/tcp"),
    )
    public: tuple[IPv4Address | IPv6Address, ...] = vps.public
    return Topology(
        name="two-hosts",
        domain="example.org",
        prefix4=PREFIX4,
        prefix6=PREFIX6,
        hosts={"vps": vps, "home": home},
        services={each.name: each for each in services},
        tunnels=(Tunnel("vps", "home", public[0], 51820, 1420, 25),),
        permissions=(
            ServicePermission("cloud", "db", Protocol.TCP, Ports(5432, 5432), "db.sql"),
            ServicePermission("blog", "cloud", Protocol.TCP, Ports(80, 80), "cloud.web"),
            ProgramPermission("cloud", "home", Protocol.TCP, Ports(3306, 3306), "home.mysql"),
        ),
        exposures=(
            Exposure("vps", public, "game", Protocol.UDP, Ports(12345, 12345), Ports(12345, 12345)),
            Exposure(
                "vps",
                public,
                "game",
                Protocol.TCP,
                Ports(12346, 12346),
                Ports(12346, 12346),
                limit=Rate(20, 1),
                sources=(IPv4Network("198.51.100.0/24"), IPv6Network("2001:db8::/32")),
            ),
            Exposure("vps", public, "blog", Protocol.TCP, Ports(8080, 8080), Ports(80, 80)),
        ),
        ways={("vps", "home"): "vps", ("home", "vps"): "vps"},
    )
