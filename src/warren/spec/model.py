"""The user's words: what one file may say, as frozen models.

In: made by `load` from a located tree. Out: read by `check`, `risks` and `topology/`. Never holds an address that was
allocated, nor a default that another part of the file decides, except those of `defaults:`.

The docstrings are the reference of the file's format and the descriptions in its JSON Schema.
"""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, PrivateAttr

from warren.basis.diagnostic import Place
from warren.spec.container import Container, ContainerKeys, Image, Strict
from warren.spec.expectation import ExpectLine
from warren.spec.fields import Line, Many, Shorthand, Text, Word
from warren.spec.notation import (
    Address,
    Connections,
    Domain,
    HostName,
    Limit,
    LimitOrNone,
    LimitText,
    Name,
    NetworkName,
    PortName,
    PortText,
    Prefix,
    Prefix4,
    Prefix6,
    ServiceName,
    SinglePort,
    SshText,
    UpstreamText,
    derived_prefix6,
)
from warren.spec.tree import Path, Tree
from warren.spec.web import Https, WebKeys
from warren.spec.workload import LanKeys, SecretSource, UnitKeys, UpdateKeys

ONE_OR_MANY = ("string", "array")
Reasons: TypeAlias = dict[Name, Line]
Prefixes: TypeAlias = Many[Prefix]
DEFAULTED = {"hosts": "host", "services": "service"}


class Dns(Strict):
    """Names inside: every service asks a resolver of its own host, which tells it what it may reach."""

    enabled: bool = True
    """Whether there are resolvers at all."""
    upstream: Many[UpstreamText] = ()
    """Servers for names outside: `9.9.9.9`, or over TLS alone `tls://9.9.9.9#dns.quad9.net`; the root's by default."""
    dnssec: bool = True
    """Whether answers of the outside must be proved where their domain is signed."""
    private: Many[Domain] = ()
    """Domains of the outside whose names may have private addresses: those of your LAN."""


class Network(Strict):
    """The network as a whole."""

    name: NetworkName
    """Its name: that of the lab, and the source of its IPv6 prefix."""
    domain: Domain | None = None
    """The domain under which its names live."""
    ipv4: Prefix4 = IPv4Network("10.86.0.0/16")
    """The private prefix that IPv4 addresses come from; each host takes a /24 of it."""
    ipv6: Prefix6 = Field(default_factory=derived_prefix6)
    """The private /48 that IPv6 addresses come from; derived from the network's name by default."""
    dns: Annotated[Dns, Shorthand("enabled", ("boolean",))] = Dns()
    """Names inside, and who knows those outside."""
    https: Https = Https()
    """HTTPS at the gateways."""


class Login(Strict):
    """How warren comes to a host."""

    to: SshText
    """Where ssh connects: `root@203.0.113.10`, `admin@home.lan:2222`, or a name of your ssh configuration.

    `local` is the machine on which warren runs.
    """
    via: HostName | None = None
    """The host that leads there, where there is no direct way."""

    @property
    def text(self) -> str:
        """As it is written."""
        return self.to.text

    @property
    def port(self) -> int | None:
        """The port, where one is named."""
        return self.to.port


class Ssh(Strict):
    """How ssh to a host is guarded."""

    port: SinglePort | None = None
    """The port where sshd listens; by default that of the host's `ssh:`, else 22."""
    limit: LimitOrNone = Limit(10, 60)
    """New connections for each source address, or `none`; a plan and an apply take one or two each."""
    from_: Prefixes = Field(default=(), alias="from")
    """Prefixes from which ssh is let in; everywhere by default."""


class Firewall(Strict):
    """What a host lets in for itself, besides its tunnel, ping and what services need."""

    enabled: bool = True
    """Whether the host is guarded at all."""
    ssh: Ssh = Ssh()
    """How ssh is guarded."""
    allow: Many[PortText] = ()
    """Further ports of the host that anyone may reach: `80/tcp`."""


class TunnelKeys(Strict):
    """WireGuard of a host."""

    port: SinglePort | None = None
    """The UDP port where a gateway listens; 51820 by default."""
    mtu: Annotated[int, Field(ge=1280, le=9000)] = 1420
    """The largest packet in a tunnel, in bytes."""
    keepalive: Annotated[int, Field(ge=0, le=3600)] = 25
    """Seconds between two signs of life from behind NAT; 0 for none."""


class HostCommon(Strict):
    """What may be said about a host, or about all of them under `defaults`."""

    egress: Word | None = None
    """How its services leave unless they say otherwise: `direct`, `lan`, `none`, or the name of a gateway."""
    firewall: Annotated[Firewall, Shorthand("enabled", ("boolean",))] | None = None
    """The host's own guard; on by default where the host is public."""
    tunnel: TunnelKeys = TunnelKeys()
    """Its side of the tunnels."""
    gateways: Many[HostName] | None = None
    """The gateways that it dials; all by default."""
    acknowledge: Reasons = Field(default_factory=dict)
    """Warnings about it that are meant: `no-firewall: the provider filters`."""


class Host(HostCommon):
    """A machine. A host with `public` addresses is a gateway, the others dial out to the gateways."""

    description: Text | None = None
    """For people."""
    ssh: Annotated[Login, Shorthand("to")] | None = None
    """How warren comes to it: `admin@home.lan`, or `{to: admin@home.lan, via: vps}`."""
    public: Many[Address] = ()
    """Its addresses on the Internet."""
    lan: Annotated[dict[Name, Prefixes], Shorthand("lan", ONE_OR_MANY)] = Field(default_factory=dict)
    """The prefixes of the local network beside it, or several such networks by name."""
    site: Name | None = None
    """Where it stands; hosts of one site with the same prefix share a LAN."""
    programs: dict[PortName, PortText] = Field(default_factory=dict)
    """Programs of the host itself that services may need: `mysql: 3306`."""


class HostDefaults(HostCommon):
    """What holds for every host that does not say otherwise."""


class To(Strict):
    """A need in its long form."""

    to: Many[Line]
    """What is needed: `service.port`, `service`, a group, `*.port`, `host.program`, `host.lan`, or a prefix."""
    localhost: SinglePort | None = None
    """Let the port answer at this port of 127.0.0.1 and [::1] inside the service, wherever it really runs."""
    except_: Prefixes = Field(default=(), alias="except")
    """Prefixes inside the needed ones that stay closed."""
    ports: Many[PortText] = ()
    """The only ports, where a prefix is needed: `443/tcp`."""


class From(Strict):
    """Sources in the long form."""

    cidr: Prefixes
    """The prefixes that may connect."""
    except_: Prefixes = Field(default=(), alias="except")
    """Prefixes inside them that may not."""


class Expose(WebKeys):
    """Permission for the Internet, or for a LAN, to reach a port of the service."""

    port: PortText | None = None
    """The port or range at the gateway: `12345/udp`, `27015-27030/udp`."""
    https: Many[Domain] | None = None
    """Or names under which the gateway answers HTTPS for it."""
    to: PortName | None = None
    """The port of the service; not needed where only one fits."""
    at: Many[HostName] | None = None
    """The gateway, or a host with a LAN; found by itself where only one fits."""
    from_: Annotated[From, Shorthand("cidr", ONE_OR_MANY)] | None = Field(default=None, alias="from")
    """Who may connect; everyone by default."""
    limit: LimitText | None = None
    """New connections for each source address: `20/second`."""
    client_address: Literal["keep", "hide"] = "keep"
    """Whether the service sees the client's own address, or that of the gateway."""


class ServiceCommon(Strict):
    """What may be said about a service, or about all of them under `defaults`."""

    egress: Word | None = None
    """How its own connections leave: `direct`, `lan`, `none`, or the name of a gateway; by default as the host says."""
    needs: Many[Annotated[To, Shorthand("to")]] = ()
    """What it may connect to; everything else is denied."""
    connections: Connections = 4096
    """How many connections of its own it may have open at once, in each version of IP, or `none` for any number."""
    acknowledge: Reasons = Field(default_factory=dict)
    """Warnings about it that are meant: `database-exposed: only read-only replicas`."""


class Service(ContainerKeys, ServiceCommon):
    """One Unix user in one network namespace, with one or more containers that share it."""

    host: HostName
    """The host where it runs."""
    description: Text | None = None
    """For people."""
    image: Image | None = None
    """The image of its only container; with it go all keys of a container."""
    containers: dict[Name, Container] = Field(default_factory=dict)
    """Several containers by name, in place of `image`."""
    unit: Annotated[UnitKeys, Shorthand("command")] | None = None
    """A program of the host in place of containers."""
    update: Annotated[UpdateKeys, Shorthand("policy")] = UpdateKeys(policy="none")
    """Whether new images of the same names come by themselves: `registry` or `none`."""
    lan: LanKeys | None = None
    """An interface of its own on a LAN of the host."""
    ports: dict[PortName, PortText] = Field(default_factory=dict)
    """The ports where it listens, by name: `web: 80`, `play: 12345/udp`."""
    expose: Many[Expose] = ()
    """Which of them the Internet or a LAN may reach."""


class ServiceDefaults(ServiceCommon):
    """What holds for every service that does not say otherwise."""


class Defaults(Strict):
    """What holds where nothing else is said."""

    host: HostDefaults = HostDefaults()
    """For every host."""
    service: ServiceDefaults = ServiceDefaults()
    """For every service."""
    container: ContainerKeys = ContainerKeys()
    """For every container."""


class Spec(Strict):
    """One file: hosts, services, who may talk to whom, and what the Internet may reach."""

    version: Literal[1]
    """The version of this format."""
    network: Network
    """The network as a whole."""
    hosts: dict[HostName, Host] = Field(min_length=1)
    """The machines, by name."""
    services: dict[ServiceName, Service] = Field(default_factory=dict)
    """The services, by name."""
    secrets: dict[Name, SecretSource] = Field(default_factory=dict)
    """Where secrets are found, by name: `db-password: file:db.txt`."""
    groups: dict[Name, Many[Name]] = Field(default_factory=dict)
    """Services under one name, usable wherever a service is; a group may hold groups."""
    defaults: Defaults = Defaults()
    """What holds where nothing else is said."""
    expect: Many[ExpectLine] = ()
    """Statements that must hold: `internet -> game.play: open`."""
    acknowledge: Reasons = Field(default_factory=dict)
    """Warnings that are meant, wherever they arise, each with its reason."""

    _tree: Tree | None = PrivateAttr(default=None)

    def place(self, *path: str | int, key: bool = False) -> Place | None:
        """Where the value at `path` stands in the file, or under `defaults`; None for a spec made without a file."""
        tree = self._tree
        if tree is None:
            return None
        section = DEFAULTED.get(str(path[0])) if len(path) > 2 else None
        if section and not tree.holds(path[:3]) and tree.holds(("defaults", section, path[2])):
            path = ("defaults", section, *path[2:])
        return tree.place(path, key=key)

    def located(self, tree: Tree) -> Spec:
        """The same, knowing its places."""
        twin = self.model_copy()
        twin._tree = tree
        return twin


__all__ = ["Container", "Expose", "Firewall", "From", "Host", "Network", "Path", "Service", "Spec", "Ssh", "To"]
