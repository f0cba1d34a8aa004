"""The network as values, nothing left open but technology.

In: made by `resolve` from a spec and a ledger. Out: read by `desired/`, pictures and `verify`. Never holds a host's
technology (no nft, no file, no unit) and never a default that is still to be filled in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import TypeAlias

from warren.basis.diagnostic import Place
from warren.basis.names import tunnel_name, veth_name
from warren.basis.ports import Ports, Protocol
from warren.topology.workload import Workload

Address: TypeAlias = IPv4Address | IPv6Address
Prefix: TypeAlias = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Pair:
    """One place's address in both families; services and hosts always have both."""

    v4: IPv4Address
    v6: IPv6Address

    def __iter__(self) -> Iterator[Address]:
        yield self.v4
        yield self.v6


class EgressKind(StrEnum):
    """How a service's own connections leave its host; `NONE` refuses them all."""

    DIRECT = "direct"
    GATEWAY = "gateway"
    LAN = "lan"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Egress:
    """A way out; `gateway` is the host's name for `GATEWAY` and None otherwise.

    A service on the gateway itself that names its own host has `DIRECT`. `DIRECT` and `GATEWAY` reach the Internet,
    never private or special prefixes; `LAN` reaches the host's LAN prefixes only.
    """

    kind: EgressKind
    gateway: str | None = None

    def __str__(self) -> str:
        return self.gateway or self.kind.value


@dataclass(frozen=True, slots=True)
class Port:
    """A named port (or range) on which a service or a program of a host listens."""

    name: str
    protocol: Protocol
    ports: Ports
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class LocalPort:
    """A needed port that answers at 127.0.0.1:`listen` and [::1]:`listen` inside the service's namespace (TCP).

    The connection is carried to `target`:`port`, which is a service's pair or a host's own pair. `need` is the user's
    words (`db.sql`). `program_host` is set when the target is a program of a host.
    """

    listen: int
    target: Pair
    port: int
    need: str
    program_host: str | None = None


class Role(StrEnum):
    """What a service is there for: the user's file declares it, or the network needs it for itself."""

    DECLARED = "declared"
    RESOLVER = "resolver"
    ENTRY = "entry"


@dataclass(frozen=True, slots=True)
class Service:
    """One Unix user in one network namespace of one host; `uid` is the user's number, 0 where none was given.

    `workload` is what runs there, None where somebody else sees to it. `resolver` is the service that answers its
    questions for names. `connections` is how many of its own may be open at once, None for any number.
    """

    name: str
    host: str
    addresses: Pair
    ports: tuple[Port, ...]
    egress: Egress
    localhost: tuple[LocalPort, ...] = ()
    place: Place | None = None
    uid: int = 0
    workload: Workload | None = None
    role: Role = Role.DECLARED
    resolver: str | None = None
    connections: int | None = None

    @property
    def netns(self) -> str:
        """The namespace is named like the service, so that pam_usernet finds it."""
        return self.name

    @property
    def veth(self) -> str:
        """The host's end of the pair; the other end is `eth0` in the namespace."""
        return veth_name(self.name)

    @property
    def visits(self) -> bool:
        """Whether it could ask an entry from outside: then it may do so from inside, which is nearer."""
        return self.role is Role.DECLARED and self.egress.kind in (EgressKind.DIRECT, EgressKind.GATEWAY)


@dataclass(frozen=True, slots=True)
class Lan:
    """A local network beside a host; `name` is `lan` where the file gives only prefixes.

    Two hosts with the same `site` and equal prefixes stand on the same LAN.
    """

    name: str
    prefixes: tuple[Prefix, ...]
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """`count` events per `seconds` and source address."""

    count: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Guard:
    """What a guarded host lets in for itself, besides its tunnel port and ping.

    `ssh_from` empty means from anywhere. `allow` are further ports of the host's own, open to anyone.
    """

    ssh_port: int
    ssh_limit: Rate | None
    ssh_from: tuple[Prefix, ...] = ()
    allow: tuple[tuple[Protocol, Ports], ...] = ()


@dataclass(frozen=True, slots=True)
class Host:
    """A machine. `prefixes4` and `prefix6` hold its own address (number 1) and those of its services.

    `ssh_inside` where ssh comes to it from `ssh_via` over the network itself.

    `number` comes from the ledger and never changes; marks and routing tables derive from it. `mtu` is that of the
    tunnels it dials or serves, in bytes. `tunnel_port` is the UDP port where a gateway listens.
    """

    name: str
    number: int
    addresses: Pair
    prefixes4: tuple[IPv4Network, ...]
    prefix6: IPv6Network
    public: tuple[Address, ...]
    lans: tuple[Lan, ...]
    egress: Egress
    programs: tuple[Port, ...]
    guard: Guard | None
    tunnel_port: int
    mtu: int = 1420
    ssh: str | None = None
    ssh_via: str | None = None
    ssh_port: int = 22
    ssh_inside: bool = False
    site: str | None = None
    place: Place | None = None

    @property
    def is_gateway(self) -> bool:
        """A gateway has public addresses; the others dial out to the gateways."""
        return bool(self.public)

    @property
    def prefixes(self) -> tuple[Prefix, ...]:
        """All prefixes of the host on the network, both families."""
        return (*self.prefixes4, self.prefix6)


@dataclass(frozen=True, slots=True)
class Tunnel:
    """WireGuard from `dialer` to `gateway`; there is one for each gateway and each other host that dials it.

    `keepalive` in seconds, None where the file turns it off, `mtu` in bytes.
    """

    gateway: str
    dialer: str
    endpoint: Address
    port: int
    mtu: int
    keepalive: int | None

    @property
    def interface(self) -> str:
        """The interface has the gateway's name on both ends."""
        return tunnel_name(self.gateway)


@dataclass(frozen=True, slots=True)
class ServicePermission:
    """`source` may connect to these ports of service `target`."""

    source: str
    target: str
    protocol: Protocol
    ports: Ports
    need: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class ProgramPermission:
    """`source` may connect to these ports of host `host` itself, at the host's own pair of addresses."""

    source: str
    host: str
    protocol: Protocol
    ports: Ports
    need: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class PrefixPermission:
    """`source` may connect to `prefixes` outside the network; protocol and ports None mean all.

    `way` says how the packets leave: `DIRECT` and `LAN` by the host's own routes, `GATEWAY` by that tunnel.
    """

    source: str
    prefixes: tuple[Prefix, ...]
    protocol: Protocol | None
    ports: Ports | None
    way: Egress
    need: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """Every service of `host` that visits at all may ask these ports of `entry`.

    It is a permission said once a host, so that the network does not grow with services times entries.
    """

    host: str
    entry: str
    ports: tuple[Port, ...]
    need: str


Permission: TypeAlias = ServicePermission | ProgramPermission | PrefixPermission


@dataclass(frozen=True, slots=True)
class Exposure:
    """The Internet (or the LANs of `at`) may reach `target` ports of `service` at `ports` of host `at`.

    `addresses` are the public addresses of the gateway, empty for a LAN exposure (any address of the host that is not
    the network's). `target` has as many ports as `ports`. `sources` empty means anyone who can send to those addresses
    (for a LAN exposure the LAN's prefixes are filled in). `keep` false hides the client behind the gateway's own
    address.
    """

    at: str
    addresses: tuple[Address, ...]
    service: str
    protocol: Protocol
    ports: Ports
    target: Ports
    sources: tuple[Prefix, ...] = ()
    limit: Rate | None = None
    keep: bool = True
    place: Place | None = None

    @property
    def is_lan(self) -> bool:
        """True when a LAN host offers it instead of a gateway."""
        return not self.addresses


@dataclass(frozen=True, slots=True)
class ForwardAuth:
    """A port of a service that is asked, at `uri`, about every request; `copied` headers of its answer go along."""

    service: str
    port: Port
    uri: str
    copied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Site:
    """What is special about a site: texts are the user's own, `max_body` is bytes, `raw` lines are Caddy's."""

    strip: bool = False
    headers: tuple[tuple[str, str], ...] = ()
    request_headers: tuple[tuple[str, str], ...] = ()
    basic: tuple[tuple[str, str], ...] = ()
    forward: ForwardAuth | None = None
    max_body: int | None = None
    raw: str = ""


@dataclass(frozen=True, slots=True)
class HttpsExposure:
    """A name under which a gateway answers HTTPS for a port of a service.

    `entry` is the service that decrypts it: at the gateway, or at the service's own host. `passer` is the gateway's
    entry where that one passes the connection on unread, by its name, and None where it leads straight to `entry`.
    `path` is the beginning of the paths that lead here, `/` for all. `sources` empty means everyone.
    """

    at: str
    name: str
    service: str
    port: Port
    place: Place | None = None
    entry: str = ""
    path: str = "/"
    sources: tuple[Prefix, ...] = ()
    site: Site = Site()
    passer: str | None = None


@dataclass(frozen=True, slots=True)
class Https:
    """What holds for all entries: texts are the user's own; `ca` None is Let's Encrypt.

    `image` or `program` is a Caddy that the user chose, with both None it is the distribution's.
    """

    email: str | None = None
    ca: str | None = None
    dns: str | None = None
    offline: str | None = None
    raw: str = ""
    image: str | None = None
    program: str | None = None


@dataclass(frozen=True, slots=True)
class Upstream:
    """A name server outside; with `tls` it is asked over TLS and must prove that it has this name."""

    address: Address
    port: int
    tls: str | None = None


@dataclass(frozen=True, slots=True)
class Dns:
    """How names of the outside are found: by these servers, or from the root where none is named.

    `private` are domains whose names may have private addresses.
    """

    upstream: tuple[Upstream, ...] = ()
    dnssec: bool = True
    private: tuple[str, ...] = ()

    @property
    def plain(self) -> tuple[Upstream, ...]:
        """Those that are asked in plain text: where one can be asked over TLS, none is."""
        return () if any(one.tls for one in self.upstream) else self.upstream


@dataclass(frozen=True, slots=True)
class Known:
    """A name that a service is told, and what it stands for; `reverse` where the addresses have this name, too."""

    name: str
    addresses: Pair
    reverse: bool = False


@dataclass(frozen=True, slots=True)
class Expectation:
    """One line of `expect`: from every source to every target. Places are named as in `warren lab exec`.

    With `anyone` no host is asked of its own services: its root reaches them anyway.
    """

    text: str
    sources: tuple[str, ...]
    targets: tuple[tuple[str, Port], ...]
    open: bool
    place: Place | None = None
    anyone: bool = False


@dataclass(frozen=True, slots=True)
class Topology:
    """The whole network. Mappings keep the order of the file."""

    name: str
    domain: str | None
    prefix4: IPv4Network
    prefix6: IPv6Network
    hosts: Mapping[str, Host]
    services: Mapping[str, Service]
    tunnels: tuple[Tunnel, ...]
    permissions: tuple[Permission, ...]
    exposures: tuple[Exposure, ...]
    https: tuple[HttpsExposure, ...] = ()
    expect: tuple[Expectation, ...] = ()
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # (from host, to host) -> the gateway whose interface carries the network's own traffic between them
    ways: Mapping[tuple[str, str], str] = field(default_factory=dict)
    dns: Dns | None = None
    web: Https = Https()
    # service -> the names inside that it may know; all others are questions for the outside, or have no answer
    names: Mapping[str, tuple[Known, ...]] = field(default_factory=dict)
    # entry -> the public names that it answers, at its near address
    sites: Mapping[str, tuple[Known, ...]] = field(default_factory=dict)
    # host -> the entries that its services may visit
    visits: Mapping[str, tuple[Visit, ...]] = field(default_factory=dict)

    def known(self, service: str) -> tuple[Known, ...]:
        """Every name that a service is told without asking outside."""
        public = (one for visit in self.visits_of(service) for one in self.sites.get(visit.entry, ()))
        return (*self.names.get(service, ()), *(public if service in self.names else ()))

    def visits_of(self, service: str) -> tuple[Visit, ...]:
        """The entries that a service may visit."""
        one = self.services.get(service)
        return self.visits.get(one.host, ()) if one and one.visits else ()

    def visiting(self, service: str) -> Iterator[ServicePermission]:
        """The same as permissions of this service alone."""
        for visit in self.visits_of(service):
            for port in visit.ports:
                place = self.services[service].place
                yield ServicePermission(service, visit.entry, port.protocol, port.ports, visit.need, place)

    @property
    def declared(self) -> tuple[Service, ...]:
        """The services that the file declares, in its order."""
        return tuple(each for each in self.services.values() if each.role is Role.DECLARED)

    @property
    def exposed(self) -> tuple[Exposure, ...]:
        """The ports that the file exposes: without those of entries."""
        names = {each.name for each in self.declared}
        return tuple(one for one in self.exposures if one.service in names)

    @property
    def needed(self) -> tuple[Permission, ...]:
        """The permissions that the file declares: none from or to a service that the network has for itself."""
        names = {each.name for each in self.declared}
        return tuple(one for one in self.permissions if {one.source, _target(one, one.source)} <= names)

    @property
    def gateways(self) -> tuple[Host, ...]:
        """Hosts with public addresses, in the order of their ledger numbers."""
        return tuple(sorted((h for h in self.hosts.values() if h.is_gateway), key=lambda h: h.number))

    def services_of(self, host: str) -> tuple[Service, ...]:
        """The services of one host, in the order of the file."""
        return tuple(s for s in self.services.values() if s.host == host)


def _target(permission: Permission, otherwise: str) -> str:
    return permission.target if isinstance(permission, ServicePermission) else otherwise
