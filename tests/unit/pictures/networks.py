"""Small networks made by hand, and golden pictures of them.

In: nothing. Out: topologies that show every sign of a picture, and a comparison with a committed text.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from pathlib import Path

from warren.basis.address import Ports, Protocol
from warren.topology.model import (
    Egress,
    EgressKind,
    Exposure,
    Guard,
    Host,
    HttpsExposure,
    Lan,
    LocalPort,
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

GOLDEN = Path(__file__).parent / "golden"
TCP, UDP = Protocol.TCP, Protocol.UDP
DIRECT, NONE = Egress(EgressKind.DIRECT), Egress(EgressKind.NONE)


def via(gateway: str) -> Egress:
    return Egress(EgressKind.GATEWAY, gateway)


def pair(host: int, number: int) -> Pair:
    return Pair(IPv4Address(f"10.86.{host}.{number}"), IPv6Address(f"fd86:0:0:{host:x}::{number:x}"))


def port(name: str, first: int, protocol: Protocol = TCP, last: int | None = None) -> Port:
    return Port(name, protocol, Ports(first, last or first))


def host(name: str, number: int, *public: str, lans: tuple[Lan, ...] = (), programs: tuple[Port, ...] = ()) -> Host:
    return Host(
        name=name,
        number=number,
        addresses=pair(number, 1),
        prefixes4=(IPv4Network(f"10.86.{number}.0/24"),),
        prefix6=IPv6Network(f"fd86:0:0:{number:x}::/64"),
        public=tuple(map(ip_address, public)),
        lans=lans,
        egress=DIRECT,
        programs=programs,
        guard=Guard(22, None) if public else None,
        tunnel_port=51820,
    )


def lan(name: str, *prefixes: str) -> Lan:
    return Lan(name, tuple(map(ip_network, prefixes)))


def service(
    name: str, of: Host, number: int, *ports: Port, egress: Egress = DIRECT, local: tuple[LocalPort, ...] = ()
) -> Service:
    return Service(name, of.name, pair(of.number, number), ports, egress, local)


def permit(source: Service, target: Service, name: str, need: str | None = None) -> ServicePermission:
    one = next(port for port in target.ports if port.name == name)
    return ServicePermission(source.name, target.name, one.protocol, one.ports, need or f"{target.name}.{name}")


def expose(at: Host, to: Service, name: str, outside: int | None = None, **more: object) -> Exposure:
    one = next(port for port in to.ports if port.name == name)
    ports = Ports(outside, outside + len(one.ports) - 1) if outside else one.ports
    return Exposure(at.name, at.public, to.name, one.protocol, ports, one.ports, **more)  # type: ignore[arg-type]


def tunnel(gateway: Host, dialer: Host) -> Tunnel:
    return Tunnel(gateway.name, dialer.name, gateway.public[0], 51820, 1420, None)


def network(
    name: str,
    hosts: tuple[Host, ...],
    services: tuple[Service, ...] = (),
    tunnels: tuple[Tunnel, ...] = (),
    permissions: tuple[Permission, ...] = (),
    exposures: tuple[Exposure, ...] = (),
    https: tuple[HttpsExposure, ...] = (),
    domain: str | None = None,
) -> Topology:
    return Topology(
        name=name,
        domain=domain,
        prefix4=IPv4Network("10.86.0.0/16"),
        prefix6=IPv6Network("fd86::/48"),
        hosts={one.name: one for one in hosts},
        services={one.name: one for one in services},
        tunnels=tunnels,
        permissions=permissions,
        exposures=exposures,
        https=https,
    )


def worlds() -> Topology:
    """One gateway, one home, every kind of need and door."""
    vps = host("vps", 1, "203.0.113.10", "2001:db8:10::10")
    home = host("home", 2, lans=(lan("lan", "192.168.2.0/24"),), programs=(port("mysql", 3306),))
    blog = service("blog", vps, 2, port("web", 80))
    mysql = LocalPort(3306, home.addresses, 3306, "home.mysql", "home")
    cloud = service("cloud", home, 2, port("web", 80), egress=via("vps"), local=(mysql,))
    db = service("db", home, 3, port("sql", 5432), egress=NONE)
    game = service("game", home, 4, port("play", 12345, UDP), port("range", 27015, UDP, 27030), egress=via("vps"))
    office = (ip_network("192.0.2.0/24"), ip_network("2001:db8:20::/48"))
    return network(
        "worlds",
        (vps, home),
        (blog, cloud, db, game),
        (tunnel(vps, home),),
        (
            permit(cloud, db, "sql"),
            ProgramPermission("cloud", "home", TCP, Ports(3306, 3306), "home.mysql"),
            PrefixPermission("cloud", office[:1], TCP, Ports(443, 443), DIRECT, "192.0.2.0/24"),
            permit(blog, cloud, "web"),
        ),
        (
            expose(vps, game, "play", limit=Rate(20, 1)),
            expose(vps, game, "range", sources=office),
            expose(home, cloud, "web", 8080, sources=home.lans[0].prefixes),
            expose(vps, cloud, "web", 8080, keep=False),
        ),
        (HttpsExposure("vps", "www.example.org", "blog", blog.ports[0]),),
        "example.org",
    )


def two_gateways() -> Topology:
    """Two gateways that dial each other, a home that dials both, and one that dials the second."""
    fra, hel = host("fra", 1, "203.0.113.20"), host("hel", 2, "198.51.100.20", "2001:db8:51::20")
    parents, cabin = host("parents", 3), host("cabin", 4, lans=(lan("bulbs", "192.168.8.0/24", "fd08::/64"),))
    status = service("status", fra, 2, port("web", 3001))
    chat = service("chat", parents, 2, port("irc", 6697), port("metrics", 9200), egress=via("fra"))
    files = service("files", parents, 3, port("sync", 22000), port("metrics", 9100), egress=via("hel"))
    mirror = service("mirror", cabin, 2, port("sync", 22000), port("metrics", 9201), egress=via("hel"))
    return network(
        "two-gateways",
        (fra, hel, parents, cabin),
        (status, chat, files, mirror),
        (tunnel(fra, hel), tunnel(hel, fra), tunnel(fra, parents), tunnel(hel, parents), tunnel(hel, cabin)),
        (
            *(permit(status, one, "metrics", "*.metrics") for one in (chat, files, mirror)),
            permit(files, mirror, "sync"),
            permit(mirror, files, "sync"),
            permit(chat, files, "sync"),
        ),
        (expose(hel, status, "web", 8080), expose(fra, chat, "irc"), expose(hel, chat, "irc")),
    )


def bare() -> Topology:
    """One host and nothing else."""
    return network("bare", (host("home", 1),))


def shared() -> Topology:
    """Only a gateway, with three services."""
    star = host("star", 1, "203.0.113.75")
    services = tuple(service(name, star, n, port("web", 8080)) for n, name in enumerate(("ada", "kai", "zoe"), 2))
    needs = tuple(permit(one, services[2], "web", "zoe") for one in services[:2])
    return network("shared", (star,), services, (), needs, (expose(star, services[0], "web", 40000),))


def crowded(count: int = 20) -> Topology:
    """Many services on one home and one gateway, each with needs."""
    edge, attic = host("edge", 1, "203.0.113.42"), host("attic", 2, lans=(lan("lan", "192.168.10.0/24"),))
    services = tuple(
        service(f"service-{n}", edge if n % 7 == 6 else attic, n + 2, port("web", 8000 + n), port("metrics", 9000 + n))
        for n in range(count)
    )
    needs = [permit(one, services[(n * 3 + 1) % count], "web") for n, one in enumerate(services) if (n * 2 + 1) % count]
    needs += [permit(services[0], one, "metrics", "*.metrics") for one in services[1:]]
    doors = tuple(expose(edge, one, "web") for one in services[::5])
    tunnels = (tunnel(edge, attic),)
    return network("crowded", (edge, attic), services, tunnels, tuple(n for n in needs if n.source != n.target), doors)


NETWORKS = {"worlds": worlds, "two-gateways": two_gateways, "bare": bare, "shared": shared, "crowded": crowded}


def assert_golden(name: str, text: str, accept: bool) -> None:
    """The text is that of the committed file, or becomes it."""
    path = GOLDEN / name
    if accept:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    assert text == path.read_text()
