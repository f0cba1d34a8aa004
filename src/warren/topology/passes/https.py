"""HTTPS: the sites of the file, and the entries that answer for them.

In: what is exposed by name. Out: the topology with entries, services like any other, exposed at 80 and 443 with the
client's address kept, and with a need of every target. Never an entry that may reach more than its targets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from warren.basis.diagnostic import Place
from warren.basis.ports import Ports, Protocol
from warren.spec import web as written
from warren.spec.exposing import WebOffer
from warren.spec.mounts import read_size
from warren.spec.reference import Problem, ServicePort
from warren.topology import folders, passing
from warren.topology.ground import Ground, refuse
from warren.topology.implied import Implied, entry_name, implied
from warren.topology.model import (
    Exposure,
    ForwardAuth,
    Https,
    HttpsExposure,
    Port,
    Role,
    Service,
    ServicePermission,
    Site,
    Topology,
    Visit,
)
from warren.topology.passes.services import implied_service
from warren.topology.passes.workloads import secrets_of
from warren.topology.workload import PlainUnit, SecretUse, Workload

HTTP, SECURE = Ports(80, 80), Ports(443, 443)
ENTRY_PORTS = (
    Port("http", Protocol.TCP, HTTP),
    Port("https", Protocol.TCP, SECURE),
    Port("quic", Protocol.UDP, SECURE),
)
NEED = "https"
CADDY = "/usr/bin/caddy"


def web(ground: Ground, topology: Topology, offer: WebOffer) -> Iterator[HttpsExposure]:
    """The sites of one name of one line, one a path."""
    line, hosts = offer.line, ground.ledger.hosts
    service = topology.services[offer.service]
    for path in line.path or ("/",):
        yield HttpsExposure(
            at=offer.at,
            name=offer.name,
            service=offer.service,
            port=_port(service, offer.port),
            place=ground.spec.place(*offer.path),
            entry=entry_name(hosts, service.host if offer.home else offer.at, offer.at),
            path=path,
            sources=offer.sources,
            site=_site(ground, topology, offer),
        )


def _port(service: Service, name: str) -> Port:
    return next(one for one in service.ports if one.name == name and one.protocol is Protocol.TCP)


def _site(ground: Ground, topology: Topology, offer: WebOffer) -> Site:
    line, auth = offer.line, offer.line.auth
    return Site(
        strip=line.strip,
        headers=tuple(line.headers.items()),
        request_headers=tuple(line.request_headers.items()),
        basic=tuple(auth.basic.items()) if auth else (),
        forward=_forward(ground, topology, offer, auth.forward) if auth and auth.forward else None,
        max_body=read_size(line.max_body) if line.max_body else None,
        raw=line.raw or "",
    )


def _forward(ground: Ground, topology: Topology, offer: WebOffer, forward: written.Forward) -> ForwardAuth:
    found = ground.directory.find(forward.to, offer.service)
    place = ground.spec.place(*offer.path, "auth", "forward")
    if isinstance(found, Problem):
        refuse(found.code, found.sentence, place, found.hint)
    match found:
        case (ServicePort(service, name),):
            port = next((p for p in topology.services[service].ports if p.name == name), None)
            if port and port.protocol is Protocol.TCP and len(port.ports) == 1:
                return ForwardAuth(service, port, forward.uri, forward.copy_)
    refuse("bad-forward", f"`{forward.to}` is not one TCP port of a service that could be asked", place)


# ── entries ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def entries(ground: Ground, topology: Topology) -> Topology:
    """The entries of all gateways, what leads to them, and what they need."""
    made = [one for one in implied(ground.spec, ground.ledger.hosts) if one.role is Role.ENTRY]
    settings = ground.spec.network.https
    topology = replace(topology, https=passing.passed_on(topology.https, ground.ledger.hosts))
    services = {one.name: _entry(ground, topology, one) for one in made}
    return replace(
        topology,
        web=_web(settings),
        services={**topology.services, **services},
        exposures=(*topology.exposures, *_exposures(topology)),
        permissions=(*topology.permissions, *_needs(topology)),
        visits={host: held for host in topology.hosts if (held := tuple(_visits(topology, host, services)))},
    )


def _entry(ground: Ground, topology: Topology, one: Implied) -> Service:
    units = tuple(_units(ground, topology, one.name))
    made = implied_service(ground, topology, one, tuple(_ports(topology, one.name)), units[0])
    secrets = tuple(secrets_of(ground, units[:1]))
    return replace(made, workload=Workload(unit=units[0], secrets=secrets, beside=units[1:]))


def _web(said: written.Https) -> Https:
    dns = said.dns.rstrip("\n") if said.dns else None
    return Https(said.email, said.ca, dns, said.offline, said.raw or "", said.image, said.program)


def _units(ground: Ground, topology: Topology, name: str) -> Iterator[PlainUnit]:
    is_passer = passing.passes(topology, name)
    if passing.is_reader(topology, name) or not is_passer:
        yield _unit(ground, name)
    if is_passer or passing.passer_of(topology, name):
        yield passing.passing_unit(name)


def _ports(topology: Topology, name: str) -> Iterator[Port]:
    """What an entry listens on: for visitors, to tell names apart, and for what is passed on to it."""
    yield from _near(topology, name)
    if passing.passes(topology, name):
        yield from passing.PASSING_PORTS
    elif passing.passer_of(topology, name):
        yield passing.PASSED_PORT


def _near(topology: Topology, name: str) -> Iterator[Port]:
    """Where Caddy listens. HTTP/3 is not passed on: the name is not to be read in its first packet."""
    if passing.is_reader(topology, name) or not passing.passes(topology, name):
        is_passed = passing.passer_of(topology, name) is not None
        yield from (port for port in ENTRY_PORTS if not (is_passed and port.protocol is Protocol.UDP))


def _unit(ground: Ground, name: str) -> PlainUnit:
    """Caddy in the foreground; a change is taken in one step by the one that runs, or refused by it."""
    settings, uid = ground.spec.network.https, ground.ledger.services[name].uid
    conf, admin = f"{folders.told(name)}/Caddyfile", f"unix/{folders.running(name, uid)}/admin"
    program = "caddy" if settings.image else settings.program or CADDY
    read = f"--adapter caddyfile --config {conf}"
    # Newer ones say nothing of what is wrong with their file when they are started with it.
    first = (f"ExecStartPre=/bin/sh -c '{program} adapt {read} >/dev/null'",) if settings.program else ()
    return PlainUnit(
        unit=name,
        command=(program, "run", "--adapter", "caddyfile", "--config", conf),
        secrets=tuple(SecretUse(secret, variable) for variable, secret in settings.secrets.items()),
        raw=(
            *first,
            f"RuntimeDirectory={name}",
            f"ExecReload={program} reload {read} --address {admin} --force",
        ),
        image=settings.image,
    )


def _exposures(topology: Topology) -> Iterator[Exposure]:
    doors: dict[tuple[str, str], Place | None] = {}
    for one in topology.https:
        doors.setdefault((one.at, one.passer or one.entry), one.place)
    for (at, name), place in doors.items():
        public = topology.hosts[at].public
        for port in ENTRY_PORTS:
            if target := _behind(topology, name, port):
                yield Exposure(at, public, name, port.protocol, port.ports, target, place=place)


def _behind(topology: Topology, name: str, port: Port) -> Ports | None:
    """Where a port of the gateway leads to in its entry."""
    if not passing.passes(topology, name):
        return port.ports
    if port.protocol is Protocol.TCP:
        return passing.NAMES if port.ports == SECURE else passing.PLAIN
    return port.ports if passing.is_reader(topology, name) else None


def _needs(topology: Topology) -> Iterator[ServicePermission]:
    """Each entry needs its targets, and the services that it asks who may use them."""
    found: dict[tuple[str, str, Ports], ServicePermission] = {}
    for one in topology.https:
        asked = one.site.forward
        for service, port in ((one.service, one.port), *([(asked.service, asked.port)] if asked else [])):
            need = ServicePermission(one.entry, service, Protocol.TCP, port.ports, f"{NEED} {one.name}", one.place)
            found.setdefault((one.entry, service, port.ports), need)
        if one.passer:
            for ports in (passing.NAMES, HTTP):
                need = ServicePermission(one.passer, one.entry, Protocol.TCP, ports, f"{NEED} {one.name}", one.place)
                found.setdefault((one.passer, one.entry, ports), need)
    yield from found.values()


def _visits(topology: Topology, host: str, made: Mapping[str, Service]) -> Iterator[Visit]:
    for entry in made.values():
        ports = tuple(_near(topology, entry.name))
        if ports and (host == entry.host or (host, entry.host) in topology.ways):
            yield Visit(host, entry.name, ports, NEED)
