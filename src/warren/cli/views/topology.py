"""A topology for people and for programs.

In: a topology. Out: one line, tables, or a document. Never a host's technology.
"""

from __future__ import annotations

from collections.abc import Iterable

import click

from warren.cli.views.text import count, table
from warren.topology.model import (
    Exposure,
    Guard,
    Host,
    HttpsExposure,
    Permission,
    Port,
    ProgramPermission,
    Rate,
    Service,
    ServicePermission,
    Topology,
    Tunnel,
)


def numbers(topology: Topology) -> dict[str, object]:
    """How much there is of everything."""
    return {
        "network": topology.name,
        "hosts": len(topology.hosts),
        "services": len(topology.declared),
        "tunnels": len(topology.tunnels),
        "permissions": len(topology.needed),
        "exposures": len(topology.exposed) + len(topology.https),
    }


def summary(topology: Topology) -> str:
    """What a file means, in one line."""
    exposures = len(topology.exposed) + len(topology.https)
    parts = (
        count(len(topology.hosts), "host"),
        count(len(topology.declared), "service"),
        count(len(topology.needed), "permission"),
        count(exposures, "exposure"),
    )
    return f"{', '.join(parts)}"


def document(topology: Topology) -> dict[str, object]:
    """Everything, for programs."""
    return {
        "network": {
            "name": topology.name,
            "domain": topology.domain,
            "ipv4": str(topology.prefix4),
            "ipv6": str(topology.prefix6),
        },
        "hosts": {name: _host(host) for name, host in topology.hosts.items()},
        "services": {name: _service(service) for name, service in topology.services.items()},
        "groups": {name: list(members) for name, members in topology.groups.items()},
        "tunnels": [_tunnel(each) for each in topology.tunnels],
        "permissions": [_permission(each) for each in topology.permissions],
        "visits": [
            {"from": each.host, "to": each.entry, "ports": [_port(port) for port in each.ports], "need": each.need}
            for held in topology.visits.values()
            for each in held
        ],
        "exposures": [_exposure(each) for each in topology.exposures],
        "https": [
            {
                "at": each.at,
                "name": each.name,
                "path": each.path,
                "service": each.service,
                "port": _port(each.port),
                "entry": each.entry,
                "passer": each.passer,
            }
            for each in topology.https
        ],
        "expect": [{"text": each.text, "open": each.open} for each in topology.expect],
    }


def _host(host: Host) -> dict[str, object]:
    return {
        "number": host.number,
        "gateway": host.is_gateway,
        "addresses": _texts(host.addresses),
        "prefixes": _texts(host.prefixes),
        "public": _texts(host.public),
        "lans": {lan.name: _texts(lan.prefixes) for lan in host.lans},
        "site": host.site,
        "ssh": host.ssh,
        "ssh_via": host.ssh_via,
        "egress": str(host.egress),
        "programs": {port.name: _port(port) for port in host.programs},
        "guard": _guard(host.guard),
        "tunnel_port": host.tunnel_port if host.is_gateway else None,
        "mtu": host.mtu,
    }


def _guard(guard: Guard | None) -> dict[str, object] | None:
    if guard is None:
        return None
    return {
        "ssh_port": guard.ssh_port,
        "ssh_limit": _rate(guard.ssh_limit),
        "ssh_from": _texts(guard.ssh_from),
        "allow": [f"{ports}/{protocol}" for protocol, ports in guard.allow],
    }


def _service(service: Service) -> dict[str, object]:
    return {
        "host": service.host,
        "addresses": _texts(service.addresses),
        "ports": {port.name: _port(port) for port in service.ports},
        "egress": str(service.egress),
        "connections": service.connections,
        "localhost": [
            {"port": each.listen, "need": each.need, "target": _texts(each.target), "target_port": each.port}
            for each in service.localhost
        ],
    }


def _tunnel(tunnel: Tunnel) -> dict[str, object]:
    return {
        "gateway": tunnel.gateway,
        "dialer": tunnel.dialer,
        "interface": tunnel.interface,
        "endpoint": str(tunnel.endpoint),
        "port": tunnel.port,
        "mtu": tunnel.mtu,
        "keepalive": tunnel.keepalive,
    }


def _permission(permission: Permission) -> dict[str, object]:
    ports = None if permission.ports is None else str(permission.ports)
    common = {"from": permission.source, "protocol": permission.protocol, "ports": ports, "need": permission.need}
    if isinstance(permission, ServicePermission):
        return {**common, "to": permission.target, "kind": "service"}
    if isinstance(permission, ProgramPermission):
        return {**common, "to": permission.host, "kind": "program"}
    return {**common, "to": _texts(permission.prefixes), "kind": "prefix", "way": str(permission.way)}


def _exposure(exposure: Exposure) -> dict[str, object]:
    return {
        "at": exposure.at,
        "addresses": _texts(exposure.addresses),
        "service": exposure.service,
        "protocol": exposure.protocol,
        "ports": str(exposure.ports),
        "target": str(exposure.target),
        "from": _texts(exposure.sources),
        "limit": _rate(exposure.limit),
        "client_address": "keep" if exposure.keep else "hide",
        "lan": exposure.is_lan,
    }


def _rate(rate: Rate | None) -> str | None:
    return f"{rate.count}/{rate.seconds}s" if rate else None


def _port(port: Port) -> str:
    return f"{port.ports}/{port.protocol}"


def _texts(values: Iterable[object]) -> list[str]:
    return [str(each) for each in values]


def lines(topology: Topology) -> list[str]:
    """Tables: hosts, services, tunnels, permissions, exposures."""
    domain = f" ({topology.domain})" if topology.domain else ""
    head = [f"{click.style(topology.name, bold=True)}{domain}  {topology.prefix4}  {topology.prefix6}"]
    sections = (
        _hosts(topology),
        _services(topology),
        _tunnels(topology),
        _permissions(topology),
        _exposures(topology),
    )
    return [*head, *(line for section in sections if section for line in ("", *section))]


def _hosts(topology: Topology) -> list[str]:
    rows = [
        (name, *_texts(host.addresses), ", ".join(_texts(host.public)) or "-", _lans(host), str(host.egress))
        for name, host in topology.hosts.items()
    ]
    return table(("HOST", "IPV4", "IPV6", "PUBLIC", "LAN", "EGRESS"), rows)


def _lans(host: Host) -> str:
    return ", ".join(str(prefix) for lan in host.lans for prefix in lan.prefixes) or "-"


def _services(topology: Topology) -> list[str]:
    rows = [
        (name, each.host, *_texts(each.addresses), " ".join(map(_named, each.ports)) or "-", str(each.egress))
        for name, each in topology.services.items()
    ]
    return table(("SERVICE", "HOST", "IPV4", "IPV6", "PORTS", "EGRESS"), rows)


def _named(port: Port) -> str:
    return f"{port.name}:{_port(port)}"


def _tunnels(topology: Topology) -> list[str]:
    rows = [
        (f"{each.dialer} -> {each.gateway}", each.interface, f"{each.endpoint} port {each.port}", str(each.mtu))
        for each in topology.tunnels
    ]
    return table(("TUNNEL", "INTERFACE", "ENDPOINT", "MTU"), rows)


def _permissions(topology: Topology) -> list[str]:
    rows = []
    for each in topology.permissions:
        shown = _permission(each)
        to = shown["to"]
        where = ", ".join(to) if isinstance(to, list) else str(to)
        ports = f"{each.ports}/{each.protocol}" if each.ports and each.protocol else "every port"
        rows.append((each.source, where, ports, each.need))
    for visit in (each for held in topology.visits.values() for each in held):
        ports = ", ".join(map(_port, visit.ports))
        rows.append((f"services of {visit.host} that leave", visit.entry, ports, visit.need))
    return table(("FROM", "TO", "PORTS", "NEED"), rows)


def _exposures(topology: Topology) -> list[str]:
    rows = [
        (
            f"{each.service}:{each.target}/{each.protocol}",
            f"{each.ports}/{each.protocol}",
            f"{each.at}, LAN" if each.is_lan else each.at,
            ", ".join(_texts(each.sources)) or "anyone",
            _remarks(each),
        )
        for each in topology.exposures
    ]
    rows += [
        (
            f"{e.service}:{_port(e.port)}",
            f"https {e.name}{'' if e.path == '/' else e.path}",
            e.at,
            ", ".join(_texts(e.sources)) or "anyone",
            _read(topology, e),
        )
        for e in topology.https
    ]
    return table(("EXPOSED", "AS", "AT", "TO", ""), rows)


def _read(topology: Topology, site: HttpsExposure) -> str:
    """Who can read along, where the gateway is not the one."""
    if not site.entry:
        return ""
    host = topology.services[site.entry].host
    return f"read on {host}" if host == site.at else f"read on {host} only"


def _remarks(exposure: Exposure) -> str:
    limit = f"at most {_rate(exposure.limit)} " if exposure.limit else ""
    return f"{limit}{'' if exposure.keep else 'client hidden'}".strip()
