"""Random small networks for laws.

In: hypothesis. Out: topologies of one to four hosts. What has the same name has the same addresses in all of them, as
the ledger sees to, so that two of them are a file before and after an edit. Never one that `check` would refuse.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network
from typing import TypeVar

from hypothesis import strategies as st

from tests.topologies import DIRECT, LAN, NONE, exposed, host, joined, needed, pair, service, through
from warren.basis.address import subtract
from warren.basis.ports import Ports, Protocol
from warren.topology.model import (
    Egress,
    Exposure,
    Host,
    Permission,
    PrefixPermission,
    ProgramPermission,
    Rate,
    Service,
    Topology,
)

Thing = TypeVar("Thing")

VPS = host("vps", 0, "203.0.113.10", "2001:db8:10::10")
EDGE = host("edge", 2, "203.0.113.20")
HOME = host("home", 1, egress=through("vps"), lan="192.168.2.0/24")
CABIN = host("cabin", 3, egress=through("vps"), lan="192.168.3.0/24")
NAMES = ("blog", "cloud", "db", "game", "mail")
# All that a service may offer; a law's network has some of them.
PORTS = {"web": "80/tcp", "sql": "5432/tcp", "play": "12345/udp", "voice": "2000-2099/udp", "many": "7000-7010/tcp"}
PREFIXES: tuple[IPv4Network | IPv6Network, ...] = (
    IPv4Network("0.0.0.0/0"),
    IPv4Network("198.51.100.0/24"),
    IPv4Network("198.51.100.7/32"),
    IPv4Network("192.168.2.0/23"),
    IPv4Network("10.0.0.0/8"),
    IPv6Network("2001:db8::/32"),
    IPv6Network("2001:db8:1::/48"),
    IPv6Network("::/0"),
)
RATES = (None, Rate(20, 1), Rate(9, 60))
SOURCES: tuple[tuple[IPv4Network | IPv6Network, ...], ...] = ((), (PREFIXES[1],), (PREFIXES[1], PREFIXES[6]))


@st.composite
def topologies(draw: st.DrawFn) -> Topology:
    """A network with at least one gateway."""
    hosts = (VPS, *draw(_some((HOME, EDGE, CABIN))))
    services = [draw(_service(name, hosts)) for name in draw(_some(NAMES))]
    permissions = draw(_permissions(hosts, services)) if services else []
    exposures = draw(_exposures(hosts, services)) if services else []
    return joined(hosts, services, permissions, exposures)


def _some(choices: Sequence[Thing]) -> st.SearchStrategy[list[Thing]]:
    return st.lists(st.sampled_from(choices), unique_by=str, max_size=len(choices))


@st.composite
def _service(draw: st.DrawFn, name: str, hosts: Sequence[Host]) -> Service:
    where = draw(st.sampled_from(hosts))
    ports = draw(st.lists(st.sampled_from(sorted(PORTS)), unique=True, max_size=3))
    number = 2 + NAMES.index(name)
    return service(
        name,
        where.name,
        pair(where.number, number),
        draw(_egress(where, hosts)),
        **{each: PORTS[each] for each in ports},
    )


def _egress(where: Host, hosts: Sequence[Host]) -> st.SearchStrategy[Egress]:
    ways = [DIRECT, NONE, *(through(each.name) for each in hosts if each.is_gateway and each != where)]
    return st.sampled_from([*ways, LAN] if where.lans else ways)


@st.composite
def _permissions(draw: st.DrawFn, hosts: Sequence[Host], services: Sequence[Service]) -> list[Permission]:
    return draw(st.lists(st.one_of(_need(services), _program(hosts, services), _outside(hosts, services)), max_size=6))


@st.composite
def _need(draw: st.DrawFn, services: Sequence[Service]) -> Permission:
    source, target = draw(st.sampled_from(services)), draw(st.sampled_from(services))
    if source == target or not target.ports:
        return ProgramPermission(source.name, source.host, Protocol.TCP, Ports(22, 22), f"{source.host}.ssh")
    return needed(source.name, target, draw(st.sampled_from(target.ports)).name)


@st.composite
def _program(draw: st.DrawFn, hosts: Sequence[Host], services: Sequence[Service]) -> Permission:
    source, where = draw(st.sampled_from(services)), draw(st.sampled_from(hosts))
    return ProgramPermission(source.name, where.name, Protocol.TCP, Ports(3306, 3306), f"{where.name}.mysql")


@st.composite
def _outside(draw: st.DrawFn, hosts: Sequence[Host], services: Sequence[Service]) -> Permission:
    source = draw(st.sampled_from(services))
    where = next(each for each in hosts if each.name == source.host)
    way = draw(_egress(where, hosts).filter(lambda egress: egress != NONE))
    wanted = tuple(draw(st.lists(st.sampled_from(PREFIXES), min_size=1, max_size=3, unique=True)))
    # What stands on a host's own LAN is never needed through a gateway (topology/passes/permit.py).
    beside = [each for lan in where.lans for each in lan.prefixes] if way.gateway else []
    prefixes = tuple(subtract(wanted, beside)) or (PREFIXES[1],)
    protocol = draw(st.sampled_from((None, Protocol.TCP, Protocol.UDP)))
    ports = draw(st.sampled_from((None, Ports(53, 53), Ports(50, 443)))) if protocol else None
    return PrefixPermission(source.name, prefixes, protocol, ports, way, str(prefixes[0]))


@st.composite
def _exposures(draw: st.DrawFn, hosts: Sequence[Host], services: Sequence[Service]) -> list[Exposure]:
    """At most one a host and service's port, at a port of its own."""
    made: dict[tuple[str, int], Exposure] = {}
    for _ in range(draw(st.integers(0, 5))):
        where, at = draw(st.sampled_from(services)), draw(st.sampled_from(hosts))
        if where.ports:
            port = draw(st.sampled_from(where.ports))
            first = 10_000 + 1_000 * NAMES.index(where.name) + 200 * sorted(PORTS).index(port.name)
            outside = draw(st.sampled_from((first, port.ports.first))) if where.name == "blog" else first
            made.setdefault((at.name, first), draw(_exposure(at, where, port.name, outside)))
    return list(made.values())


@st.composite
def _exposure(draw: st.DrawFn, at: Host, where: Service, port: str, first: int) -> Exposure:
    length = len(next(each for each in where.ports if each.name == port).ports)
    ports = f"{first}-{first + length - 1}"
    if not at.is_gateway:
        return exposed(at, where, port, ports)
    sources, limit = draw(st.sampled_from(SOURCES)), draw(st.sampled_from(RATES))
    return exposed(at, where, port, ports, sources=sources, limit=limit, keep=draw(st.booleans()))
