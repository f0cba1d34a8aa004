"""Hand-made topologies that many tests share.

In: nothing. Out: frozen topologies. Never read from a file, so that a fault in reading cannot hide one behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypedDict, Unpack

from warren.basis.ports import Ports, Protocol
from warren.topology.model import (
    Egress,
    EgressKind,
    Exposure,
    Guard,
    Host,
    Lan,
    Pair,
    Permission,
    Port,
    PrefixPermission,
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
    return Service(name, where, addresses, tuple(made), egress, connections=4096)


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


def joined(
    hosts: Iterable[Host],
    services: Iterable[Service],
    permissions: Iterable[Permission] = (),
    exposures: Iterable[Exposure] = (),
) -> Topology:
    """A topology in which every host dials every gateway but itself."""
    known = {each.name: each for each in hosts}
    return Topology(
        name="net",
        domain=None,
        prefix4=PREFIX4,
        prefix6=PREFIX6,
        hosts=known,
        services={each.name: each for each in services},
        tunnels=tuple(_tunnels(known)),
        permissions=tuple(permissions),
        exposures=tuple(exposures),
        ways=dict(_ways(known)),
    )


def _tunnels(hosts: dict[str, Host]) -> Iterator[Tunnel]:
    for gateway in hosts.values():
        for dialer in hosts.values():
            if gateway.is_gateway and dialer != gateway:
                keepalive = None if dialer.is_gateway else 25
                yield Tunnel(gateway.name, dialer.name, gateway.public[0], gateway.tunnel_port, 1420, keepalive)


def _ways(hosts: dict[str, Host]) -> Iterator[tuple[tuple[str, str], str]]:
    gateways = sorted((each for each in hosts.values() if each.is_gateway), key=lambda each: each.number)
    for one in hosts.values():
        for other in hosts.values():
            ends = [each for each in gateways if each in (one, other)] or gateways
            if one != other and ends:
                yield (one.name, other.name), ends[0].name


def exposed(
    at: Host, where: Service, port: str, ports: str | None = None, **options: Unpack[ExposureOptions]
) -> Exposure:
    """A service's named port at a gateway or (without public addresses) on a LAN; `ports` where they are others there.

    A LAN exposure of a service elsewhere hides the client, as the answer must come back to the host that offers it.
    """
    named = next(each for each in where.ports if each.name == port)
    first, _, last = (ports or f"{named.ports.first}-{named.ports.last}").partition("-")
    outside = Ports(int(first), int(last or first))
    if not at.is_gateway:
        options.setdefault("sources", tuple(p for each in at.lans for p in each.prefixes))
        options.setdefault("keep", at.name == where.host)
    return Exposure(at.name, at.public, where.name, named.protocol, outside, named.ports, **options)


class ExposureOptions(TypedDict, total=False):
    """What may be said of an exposure besides its ports."""

    sources: tuple[IPv4Network | IPv6Network, ...]
    limit: Rate | None
    keep: bool


def needed(source: str, target: Service, port: str) -> ServicePermission:
    """A need of a service's named port."""
    named = next(each for each in target.ports if each.name == port)
    return ServicePermission(source, target.name, named.protocol, named.ports, f"{target.name}.{port}")


def everything() -> Topology:
    """Two gateways, two homes, every way out, and every kind of need and exposure."""
    vps = host("vps", 0, "203.0.113.10", "2001:db8:10::10")
    edge = host("edge", 2, "203.0.113.20", "2001:db8:20::20")
    home = host("home", 1, egress=through("vps"), lan="192.168.2.0/24")
    cabin = host("cabin", 3, egress=through("edge"), lan="192.168.3.0/24")
    blog = service("blog", "vps", pair(0, 2), DIRECT, web="80/tcp")
    cloud = service("cloud", "home", pair(1, 2), through("vps"), web="80/tcp")
    db = service("db", "home", pair(1, 3), NONE, sql="5432/tcp", cluster="7000-7010/tcp")
    udp = {"play": "12345/udp", "voice": "2000-2099/udp"}
    game = service("game", "home", pair(1, 4), through("edge"), query="12346/tcp", **udp)
    print_ = service("print", "home", pair(1, 5), LAN, ipp="631/tcp")
    cam = service("cam", "cabin", pair(3, 2), through("edge"), rtsp="554/tcp")
    permissions: tuple[Permission, ...] = (
        needed("cloud", db, "sql"),
        needed("cloud", db, "cluster"),
        needed("blog", cloud, "web"),
        needed("cam", cloud, "web"),
        ProgramPermission("cloud", "home", Protocol.TCP, Ports(3306, 3306), "home.mysql"),
        PrefixPermission("db", (IPv4Network("192.168.2.9/32"),), Protocol.TCP, Ports(22, 22), LAN, "192.168.2.9"),
        PrefixPermission("db", (IPv4Network("198.51.100.0/24"),), None, None, through("vps"), "198.51.100.0/24"),
    )
    exposures = (
        exposed(vps, game, "play"),
        exposed(edge, game, "play", keep=False),
        exposed(vps, game, "voice"),
        exposed(vps, game, "query", limit=Rate(20, 1), sources=(IPv4Network("198.51.100.0/24"),)),
        exposed(vps, blog, "web", "8080", limit=Rate(9, 60)),
        exposed(edge, blog, "web", "8081"),
        exposed(home, cloud, "web", "8443"),
        exposed(home, cam, "rtsp"),
        exposed(cabin, cam, "rtsp", "8554"),
    )
    return joined((vps, home, edge, cabin), (blog, cloud, db, game, print_, cam), permissions, exposures)


def many_services(number: int) -> Topology:
    """A gateway and a home with so many services: each is exposed, leaves through the gateway and needs the first."""
    vps = host("vps", 0, "203.0.113.10", "2001:db8:10::10")
    home = replace(host("home", 16, egress=through("vps")), prefixes4=(IPv4Network("10.86.16.0/20"),))
    services = [service(f"s{at:05}", "home", pair(16, at + 2), through("vps"), web="80/tcp") for at in range(number)]
    first = services[0]
    return joined(
        (vps, home),
        services,
        [needed(each.name, first, "web") for each in services[1:]],
        [exposed(vps, each, "web", str(10000 + at)) for at, each in enumerate(services)],
    )
