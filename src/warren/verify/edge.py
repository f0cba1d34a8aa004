"""The edge of a gateway: which ports the Internet may find, and which it found.

In: a world, verdicts and scans. Out: for each public address both sets of ports. Never accepts a port too many or too
few.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from warren.basis.address import Protocol
from warren.probe.ground import Ground
from warren.probe.scan import Scanned, scan
from warren.topology.model import Address, Exposure, Host, Role
from warren.verify.declared import INTERNET
from warren.verify.outside import host_opens
from warren.verify.verdict import Verdict
from warren.verify.world import EVERY_PORT, World, answers, host_listening, samples, undeclared, within

EVERY = 65536


@dataclass(frozen=True, slots=True)
class Edge:
    """One public address, scanned. `stated` ports are open by the file and silent to strangers (WireGuard).

    `limited` ports are open, but under a limit that a scan reaches: they may be silent. `asked` is how many ports of
    each protocol were asked from `place`; `own` are ports of the host's own programs, which nothing guards; of `untold`
    protocols nothing came through from there.
    """

    host: str
    address: Address
    tcp: tuple[int, ...]
    udp: tuple[int, ...]
    expected_tcp: tuple[int, ...]
    expected_udp: tuple[int, ...]
    stated: tuple[int, ...]
    limited: tuple[int, ...] = ()
    seconds: float = 0.0
    place: str = INTERNET
    asked: int = EVERY
    own: tuple[int, ...] = ()
    untold: tuple[str, ...] = ()

    @property
    def equal(self) -> bool:
        return not self.strange and not self.missing

    @property
    def strange(self) -> tuple[int, ...]:
        """Ports that answered and are not declared."""
        tcp, udp = set(self.tcp) - set(self.expected_tcp), set(self.udp) - set(self.expected_udp)
        return tuple(sorted(tcp | udp))

    @property
    def missing(self) -> tuple[int, ...]:
        """Ports that are declared and did not answer."""
        tcp, udp = set(self.expected_tcp) - set(self.tcp), set(self.expected_udp) - set(self.udp)
        return tuple(sorted((tcp | udp) - set(self.limited)))


def edges(at: World, ground: Ground, verdicts: Iterable[Verdict]) -> tuple[Edge, ...]:
    """Scan every public address of every gateway."""
    families = {a.version for a in at.around.seen.get(INTERNET, ())}
    proved = {(v.flow.address, v.flow.port) for v in verdicts if _proves(v)}
    return tuple(
        _edge(at, ground, host, address, {port for a, port in proved if a == address})
        for host in at.topology.gateways
        for address in host.public
        if address.version in families
    )


def expected(at: World, host: Host, address: Address, protocol: Protocol) -> tuple[int, ...]:
    """The ports of an address at which something answers the Internet."""
    seen = at.around.seen.get(INTERNET, ())
    found = {p for e in at.doors.get(address, ()) if e.protocol == protocol for p in _shown(at, e, address)}
    own = (p for p in _own(host) if at.door(address, protocol, p) is None)
    found.update(p for p in own if host_opens(host, seen, protocol, p, address.version))
    silent = {*_stated(host), *_quic(at, address)}
    return tuple(sorted(found - silent if protocol is Protocol.UDP else found))


def _quic(at: World, address: Address) -> Iterator[int]:
    """Ports of entries that answer nothing but a handshake (RFC 9000, 5.2.2)."""
    for exposure in at.doors.get(address, ()):
        if at.topology.services[exposure.service].role is Role.ENTRY and exposure.protocol is Protocol.UDP:
            yield from exposure.ports


def _edge(at: World, ground: Ground, host: Host, address: Address, proved: set[int]) -> Edge:
    tcp, udp = (expected(at, host, address, p) for p in (Protocol.TCP, Protocol.UDP))
    watch = () if host.guard is not None else (host.name,)
    found: Scanned = scan(ground, INTERNET, address, tcp, udp, proved, watch)
    limited = tuple(sorted(_limited(at, address)))
    return Edge(host.name, address, found.tcp, found.udp, tcp, udp, _stated(host), limited, found.seconds)


def _proves(verdict: Verdict) -> bool:
    """A full answer under a connection limit, which the scan need not ask for again."""
    flow = verdict.flow
    return flow.source == INTERNET and flow.limit is not None and flow.protocol is Protocol.TCP and verdict.open


def _stated(host: Host) -> tuple[int, ...]:
    return (host.tunnel_port,) if host.is_gateway else ()


def _shown(at: World, exposure: Exposure, address: Address) -> Iterator[int]:
    """The ports of an exposure behind which a stand-in listens; huge ranges have only a few."""
    seen = at.around.seen.get(INTERNET, ())
    if exposure.sources and not within(seen, exposure.sources, address.version):
        return
    service = at.topology.services[exposure.service]
    answering = {n for p in service.ports for n in (p.ports if len(p.ports) <= EVERY_PORT else samples(p.ports))}
    answering.add(undeclared(service))
    yield from (p for p in exposure.ports if answers(exposure, p) in answering)


def _own(host: Host) -> Iterator[int]:
    """Every port at which the host itself answers, were it let in."""
    yield from host_listening(host)
    for ports in (*(p.ports for p in host.programs), *(p for _, p in (host.guard.allow if host.guard else ()))):
        yield from ports if len(ports) <= EVERY_PORT else ()


def _limited(at: World, address: Address) -> Iterator[int]:
    """Ports of exposures whose limit is smaller than their number of ports."""
    for exposure in at.doors.get(address, ()):
        if exposure.limit and exposure.limit.count < len(exposure.ports):
            yield from exposure.ports
