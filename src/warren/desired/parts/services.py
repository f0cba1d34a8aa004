"""A service is a namespace: its netns, its routed pair, its routes and kernel settings.

In: the services of a host. Out: netns, link, route, sysctl and hosts-file items. Never grants anything: what a
namespace may reach is the firewall's business.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.desired.items.file import File
from warren.desired.items.netns import INNER, Netns, Veth
from warren.desired.items.route import Route
from warren.desired.items.sysctl import EVERYBODY, PING, Settings
from warren.desired.model import Item
from warren.desired.parts.marks import NETWORK_TABLE
from warren.desired.view import HostView
from warren.topology.model import Service, ServicePermission

LINK_MTU = 1500
# In a namespace of one user nobody else's low port can be taken (mechanisms of design.md 4.2), and nothing that
# arrives may change its routes.
SETTINGS = (
    ("net.ipv4.ip_unprivileged_port_start", "0"),
    (PING, EVERYBODY),
    ("net.ipv4.ip_forward", "0"),
    ("net.ipv4.conf.all.accept_redirects", "0"),
    ("net.ipv4.conf.eth0.accept_redirects", "0"),
    ("net.ipv6.conf.all.forwarding", "0"),
    ("net.ipv6.conf.eth0.accept_ra", "0"),
    ("net.ipv6.conf.eth0.accept_redirects", "0"),
)


def services(view: HostView) -> Iterator[Item]:
    """All items of all services of the host."""
    names = _names(view)
    for service in view.services:
        yield Netns(service.netns)
        yield _link(view, service)
        yield Settings(service.netns, SETTINGS)
        yield from _routes(view, service)
        text = _hosts_file(view, service, names.get(service.name, []))
        yield File(f"/etc/netns/{service.netns}/hosts", text, in_place=True)


def _link(view: HostView, service: Service) -> Veth:
    outer = frozenset({f"{view.host.addresses.v4}/32", f"{view.host.addresses.v6}/128"})
    inner = frozenset({f"{service.addresses.v4}/32", f"{service.addresses.v6}/128"})
    return Veth(service.veth, service.netns, LINK_MTU, outer, inner)


def _routes(view: HostView, service: Service) -> Iterator[Route]:
    host, table = view.host.addresses, str(NETWORK_TABLE)
    yield Route(f"{service.addresses.v4}/32", table, service.veth, source=str(host.v4))
    yield Route(f"{service.addresses.v6}/128", table, service.veth, source=str(host.v6))
    yield Route(f"{host.v4}/32", "main", INNER, netns=service.netns)
    yield Route(f"{host.v6}/128", "main", INNER, netns=service.netns)
    yield Route("0.0.0.0/0", "main", INNER, str(host.v4), netns=service.netns)
    yield Route("::/0", "main", INNER, str(host.v6), netns=service.netns)


def _names(view: HostView) -> dict[str, list[str]]:
    needed: dict[str, list[str]] = {}
    for permission in view.permissions:
        if isinstance(permission, ServicePermission):
            needed.setdefault(permission.source, []).append(permission.target)
    for service in view.services:
        for visit in view.topology.visits_of(service.name):
            needed.setdefault(service.name, []).append(visit.entry)
    return needed


def _hosts_file(view: HostView, service: Service, needed: list[str]) -> str:
    """The names that the service may reach, and no others (hosts(5))."""
    lines = ["127.0.0.1 localhost", "::1 localhost ip6-localhost ip6-loopback"]
    for name in (service.name, *sorted(set(needed))):
        full = f"{name}.{view.topology.name}.internal {name}"
        lines.extend(f"{address} {full}" for address in view.topology.services[name].addresses)
    return "\n".join(lines) + "\n"
