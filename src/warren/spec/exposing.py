"""What a line of `expose` offers, where, and for which port of its service.

In: a spec and the name of a service. Out: its offers with every default filled in, or the problems of those lines that
offer nothing. Never compares two offers: `check` does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from warren.basis.address import Ports, Prefix, Protocol, subtract
from warren.spec.gateways import dials, gateway_names, is_joined
from warren.spec.model import Expose, Service, Spec
from warren.spec.notation import Listening
from warren.spec.reference import Problem, closest
from warren.spec.tree import Path
from warren.spec.web import WebKeys


@dataclass(frozen=True, slots=True)
class Offer:
    """`ports` of host `at` lead to `target` of the service; `sources` empty means everyone."""

    service: str
    line: Expose
    path: Path
    at: str
    is_lan: bool
    protocol: Protocol
    ports: Ports
    target: Ports
    sources: tuple[Prefix, ...]


@dataclass(frozen=True, slots=True)
class WebOffer:
    """Host `at` answers HTTPS under `name` for a port of the service; `sources` empty means everyone."""

    service: str
    line: Expose
    path: Path
    at: str
    name: str
    port: str
    sources: tuple[Prefix, ...] = ()

    @property
    def home(self) -> bool:
        """Whether the connection is decrypted at the service's host, not at the gateway."""
        return self.line.tls == "home"


@dataclass(frozen=True, slots=True)
class Fault:
    """A problem, and the path of the value that has it."""

    problem: Problem
    path: Path


Found: TypeAlias = Offer | WebOffer | Fault


def offers(spec: Spec, name: str) -> Iterator[Found]:
    """Everything that service `name` offers, line by line."""
    service = spec.services[name]
    for index, line in enumerate(service.expose):
        path: Path = ("services", name, "expose", index)
        try:
            yield from _line(spec, name, service, line, path)
        except _Stop as stop:
            yield Fault(stop.problem, (*path, *stop.at))


class _Stop(Exception):
    """Ends one line; never leaves this module."""

    def __init__(self, code: str, sentence: str, hint: str | None = None, at: Path = ()) -> None:
        super().__init__(sentence)
        self.problem, self.at = Problem(code, sentence, hint), at


def _line(spec: Spec, name: str, service: Service, line: Expose, path: Path) -> Iterator[Found]:
    if (line.port is None) == (not line.https):
        raise _Stop("expose-what", f"a line of `expose` of `{name}` needs either `port` or `https`", EXAMPLE)
    _check_kind(name, line)
    port = _target(name, service, line)
    sources = _sources(line)
    for at in _places(spec, name, service, line):
        is_lan = _is_lan(spec, name, service.host, at, line)
        if line.https:
            yield from (WebOffer(name, line, path, at, domain, port, sources) for domain in line.https)
        elif line.port is not None:
            at_lan = tuple(prefix for lan in spec.hosts[at].lan.values() for prefix in lan) if is_lan else ()
            for protocol in line.port.protocols:
                target = service.ports[port].ports
                yield Offer(name, line, path, at, is_lan, protocol, line.port.ports, target, sources or at_lan)


def _check_kind(name: str, line: Expose) -> None:
    """Each kind of line has words of its own."""
    if line.https and (line.limit or line.client_address == "hide"):
        word = "limit" if line.limit else "client_address"
        summary = f"`{word}` belongs to a port, and this line of `{name}` exposes HTTPS"
        raise _Stop("expose-word", summary, "delete it; `raw:` takes Caddy's own words", (word,))
    if line.port:
        for word in WebKeys.model_fields:
            if getattr(line, word):
                summary = f"`{word}` belongs to HTTPS, and this line of `{name}` exposes a port"
                raise _Stop("expose-word", summary, "delete it, or write `https: www.example.org`", (word,))


EXAMPLE = "write `{port: 12345/udp, to: play}` or `{https: www.example.org, to: web}`"


def _target(name: str, service: Service, line: Expose) -> str:
    """The port of the service that the line leads to."""
    if line.to is None:
        return _only_target(name, service, line)
    listening = service.ports.get(line.to)
    if listening is None:
        known = closest(line.to, service.ports) or _listed(service)
        raise _Stop("unknown-port", f"the service `{name}` has no port `{line.to}`", known, ("to",))
    if line.port is not None:
        _check_fit(line.to, listening, line.port)
    elif Protocol.TCP not in listening.protocols or len(listening.ports) != 1:
        raise _Stop("expose-protocol", f"HTTPS leads to one TCP port, and `{line.to}` is {listening}", None, ("to",))
    return line.to


def _check_fit(to: str, listening: Listening, exposed: Listening) -> None:
    if not set(exposed.protocols) <= set(listening.protocols):
        hint = f"write `port: {exposed.ports}/{'+'.join(listening.protocols)}`"
        summary = f"{exposed} cannot lead to `{to}`, which listens on {listening}"
        raise _Stop("expose-protocol", summary, hint, ("port",))
    if len(exposed.ports) != len(listening.ports):
        summary = f"{exposed} and the port `{to}` ({listening}) are not equally many ports"
        raise _Stop("expose-range", summary, None, ("port",))


def _only_target(name: str, service: Service, line: Expose) -> str:
    """The port that a line without `to` means: that of the same number, else the only one that fits."""
    wanted = line.port or Listening(Ports(443, 443), (Protocol.TCP,))
    fitting = [
        port
        for port, listening in service.ports.items()
        if set(wanted.protocols) <= set(listening.protocols) and len(listening.ports) == len(wanted.ports)
    ]
    same = [port for port in fitting if service.ports[port].ports == wanted.ports]
    if len(same) == 1 or len(fitting) == 1:
        return (same or fitting)[0]
    what = f"{wanted}" if line.port else "HTTPS"
    if not fitting:
        raise _Stop("expose-to", f"no port of `{name}` fits {what}", _listed(service), ("port",))
    choices = " or ".join(f"`to: {port}`" for port in fitting[:8])
    raise _Stop("expose-to", f"more than one port of `{name}` fits {what}", f"write {choices}")


def _listed(service: Service) -> str:
    ports = ", ".join(f"`{port}: {listening}`" for port, listening in list(service.ports.items())[:8])
    return f"it has {ports}" if ports else "it has no ports; write `ports: {web: 80}`"


def _sources(line: Expose) -> tuple[Prefix, ...]:
    if line.from_ is None:
        return ()
    sources = subtract(line.from_.cidr, line.from_.except_)
    if not sources:
        raise _Stop("expose-from", "`from` lets nobody in: everything is excepted", None, ("from",))
    return sources


def _places(spec: Spec, name: str, service: Service, line: Expose) -> tuple[str, ...]:
    """The hosts where the line offers the port."""
    if line.at is not None:
        for index, at in enumerate(line.at):
            if at not in spec.hosts:
                raise _Stop("unknown-host", f"there is no host `{at}`", closest(at, spec.hosts), ("at", index))
        return tuple(dict.fromkeys(line.at))
    if service.host not in spec.hosts:
        return ()
    host, gateways = spec.hosts[service.host], gateway_names(spec)
    way_out = service.egress or host.egress or ""
    if host.public:
        return (service.host,)
    if way_out in gateways or len(gateways) == 1:
        return (way_out if way_out in gateways else gateways[0],)
    if not gateways:
        hint = "give a host its `public` address, or say `at:` with a host that has a `lan`"
        raise _Stop("expose-at", f"`{name}` cannot be exposed: no host has a public address", hint)
    choices = " or ".join(f"`at: {gateway}`" for gateway in gateways[:8])
    raise _Stop("expose-at", f"it is not said at which gateway `{name}` is exposed", f"write {choices}")


def _is_lan(spec: Spec, name: str, host: str, at: str, line: Expose) -> bool:
    """Whether `at` offers it to its LAN; stops where it cannot offer it at all."""
    if spec.hosts[at].public:
        if at != host and host in spec.hosts and at not in dials(spec, host):
            summary = f"`{name}` cannot be exposed at `{at}`: its host `{host}` does not dial that gateway"
            raise _Stop("expose-unreachable", summary, f"add `{at}` to the `gateways` of `{host}`", ("at",))
        return False
    if not spec.hosts[at].lan:
        summary = f"`{at}` cannot expose anything: it has neither a public address nor a LAN"
        raise _Stop("expose-at", summary, f"give it one: `{at}: {{lan: 192.168.2.0/24}}`", ("at",))
    if line.https:
        raise _Stop("expose-at", f"HTTPS is answered at gateways only, and `{at}` has no public address", None, ("at",))
    if line.limit:
        summary = (
            f"the limit of `{name}` would count nothing: rates are kept at gateways, and `{at}` has no public address"
        )
        raise _Stop("expose-lan-limit", summary, "delete the `limit`, or give the LAN a line of its own", ("limit",))
    if at != host:
        _check_lan_elsewhere(spec, name, host, at, line)
    return True


def _check_lan_elsewhere(spec: Spec, name: str, host: str, at: str, line: Expose) -> None:
    if line.client_address == "keep":
        summary = (
            f"`{name}` runs on `{host}`, and `{at}` cannot keep the addresses of its LAN's clients on the way there:"
            f" a gateway accepts only the host's own prefixes from its tunnel"
        )
        raise _Stop("expose-lan-keep", summary, "write `client_address: hide`", ("at",))
    if host in spec.hosts and not is_joined(spec, host, at):
        raise _Stop("no-way", f"there is no way between the hosts `{at}` and `{host}`: no gateway joins them")
