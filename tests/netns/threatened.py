"""The network that the threats are tried on.

In: nothing. Out: a topology with two gateways, two homes with the same LAN prefix, and one service for each kind of
permission. Never read from a file.
"""

from __future__ import annotations

from ipaddress import ip_network

from tests.topologies import DIRECT, LAN, NONE, PREFIX4, PREFIX6, host, pair, service, through
from warren.basis.ports import Ports, Protocol
from warren.topology.model import (
    Egress,
    EgressKind,
    Exposure,
    Host,
    Pair,
    PrefixPermission,
    ProgramPermission,
    Rate,
    Service,
    ServicePermission,
    Topology,
    Tunnel,
)

VPS, VPS2 = ("203.0.113.10", "2001:db8:10::10"), ("203.0.113.20", "2001:db8:20::20")
HOME_LAN = "192.168.2.10"
# Exposed, and nobody listens there.
SILENT = 7777
TCP, UDP = Protocol.TCP, Protocol.UDP

HOSTS: tuple[Host, ...] = (
    host("vps", 0, *VPS),
    host("vps2", 1, *VPS2),
    host("home", 2, egress=through("vps"), lan="192.168.2.0/24"),
    host("away", 3, egress=through("vps2"), lan="192.168.2.0/24"),
)

SERVICES: tuple[Service, ...] = (
    service("blog", "vps", pair(0, 2), DIRECT, web="80/tcp"),
    service("shop", "vps2", pair(1, 2), DIRECT, web="80/tcp", play="9000/udp"),
    service("cloud", "home", pair(2, 2), through("vps"), web="80/tcp", admin="8443/tcp"),
    service("db", "home", pair(2, 3), NONE, sql="5432/tcp"),
    service("game", "home", pair(2, 4), through("vps2"), play="12345/udp", query="12346/tcp", voice="27015-27018/udp"),
    service("crawler", "home", pair(2, 5), DIRECT, web="80/tcp"),
    service("tv", "home", pair(2, 6), LAN, web="80/tcp"),
    service("evil", "home", pair(2, 7), through("vps"), web="80/tcp"),
    service("reader", "home", pair(2, 8), NONE, web="80/tcp"),
    service("far", "away", pair(3, 2), through("vps2"), web="80/tcp", talk="7000/udp"),
)


def tunnels() -> tuple[Tunnel, ...]:
    """Each gateway and every other host."""
    gateways = [each for each in HOSTS if each.is_gateway]
    return tuple(
        Tunnel(gateway.name, dialer.name, gateway.public[0], 51820, 1420, 25)
        for gateway in gateways
        for dialer in HOSTS
        if dialer is not gateway
    )


def ways() -> dict[tuple[str, str], str]:
    """One of the two where it is a gateway, else the first that both dial; the lower number first."""
    found = {}
    for one in HOSTS:
        for other in HOSTS:
            if one is not other:
                ends = [each for each in (one, other) if each.is_gateway] or list(HOSTS[:2])
                found[(one.name, other.name)] = min(ends, key=lambda each: each.number).name
    return found


def exposed(at: str, name: str, protocol: Protocol, first: int, to: int, count: int = 1, **more: object) -> Exposure:
    """An exposure at a gateway of `count` ports."""
    public = next(each.public for each in HOSTS if each.name == at)
    ports, target = Ports(first, first + count - 1), Ports(to, to + count - 1)
    return Exposure(at, public, name, protocol, ports, target, **more)  # type: ignore[arg-type]


EXPOSURES = (
    *(
        each
        for at in ("vps", "vps2")
        for each in (
            exposed(at, "game", UDP, 12345, 12345),
            exposed(at, "game", TCP, 12346, 12346),
            exposed(at, "game", UDP, 27015, 27015, 4),
            exposed(at, "game", UDP, 30000, 27015, 4),
            exposed(at, "cloud", TCP, 8080, 80),
            exposed(at, "blog", TCP, 8081, 80),
            exposed(at, "shop", TCP, 8082, 80),
            exposed(at, "shop", UDP, 9000, 9000),
            exposed(at, "crawler", TCP, 8083, 80),
            exposed(at, "far", TCP, 8084, 80),
            exposed(at, "far", UDP, 7000, 7000),
        )
    ),
    exposed("vps", "db", TCP, 5433, 5432, sources=(ip_network("198.51.100.0/24"), ip_network("2001:db8:ffff::/48"))),
    exposed("vps", "cloud", TCP, 8090, 80, limit=Rate(20, 1)),
    exposed("vps", "cloud", TCP, 8091, 80, keep=False),
    exposed("vps", "cloud", UDP, SILENT, SILENT),
    Exposure("home", (), "cloud", TCP, Ports(8443, 8443), Ports(8443, 8443), (ip_network("192.168.2.0/24"),)),
    Exposure("home", (), "far", TCP, Ports(8084, 8084), Ports(80, 80), (ip_network("192.168.2.0/24"),), keep=False),
)

PERMISSIONS = (
    ServicePermission("cloud", "db", TCP, Ports(5432, 5432), "db.sql"),
    ServicePermission("blog", "cloud", TCP, Ports(80, 80), "cloud.web"),
    ServicePermission("far", "cloud", TCP, Ports(80, 80), "cloud.web"),
    ServicePermission("shop", "blog", TCP, Ports(80, 80), "blog.web"),
    ServicePermission("cloud", "game", UDP, Ports(27015, 27018), "game.voice"),
    ProgramPermission("cloud", "home", TCP, Ports(3306, 3306), "home.mysql"),
    PrefixPermission(
        "reader",
        (ip_network("192.0.2.0/26"), ip_network("192.0.2.64/29"), ip_network("192.0.2.72/30")),
        TCP,
        Ports(443, 443),
        through("vps"),
        "192.0.2.0/24 except 192.0.2.76/30",
    ),
    PrefixPermission(
        "reader", (ip_network("192.168.2.0/24"),), UDP, Ports(5353, 5353), Egress(EgressKind.LAN), "home.lan"
    ),
)


def threatened() -> Topology:
    """All of it."""
    return Topology(
        name="threatened",
        domain="example.org",
        prefix4=PREFIX4,
        prefix6=PREFIX6,
        hosts={each.name: each for each in HOSTS},
        services={each.name: each for each in SERVICES},
        tunnels=tunnels(),
        permissions=PERMISSIONS,
        exposures=EXPOSURES,
        ways=ways(),
    )


def address(name: str, version: int) -> str:
    """The address of a service or host of the network."""
    places: tuple[Service | Host, ...] = (*SERVICES, *HOSTS)
    place = next(each for each in places if each.name == name)
    own: Pair = place.addresses
    return str(own.v4 if version == 4 else own.v6)


def public(gateway: str, version: int) -> str:
    """A gateway's public address."""
    return {"vps": VPS, "vps2": VPS2}[gateway][0 if version == 4 else 1]


CLIENT = {4: "198.51.100.7", 6: "2001:db8:ffff::7"}
CLIENT2 = {4: "192.0.2.77", 6: "2001:db8:fffe::77"}
SERVER = {4: "192.0.2.53", 6: "2001:db8:fffd::53"}
