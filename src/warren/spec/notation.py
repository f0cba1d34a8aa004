"""How ports, addresses, prefixes, rates, names and ssh targets are written.

In: one scalar. Out: values of `basis/` and the small ones below, or `Mistake` with a sentence. Never compares two
values of the file with each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import IPv4Network, IPv6Network
from typing import Annotated, TypeAlias, TypeVar

from warren.basis import address, names
from warren.basis.address import Ports, Protocol, holds, parse_ports
from warren.spec.fields import Mistake, Written, shorten

T = TypeVar("T")

LIMIT = re.compile(r"([0-9]{1,5})/([0-9]{0,5})(s|m|h|d|second|minute|hour|day)\Z")
# Fewer would stop what a service needs to start; more than this no table of connections holds.
FEWEST, MOST = 16, 1_000_000
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
SSH = re.compile(
    r"(?:ssh://)?(?P<user>[A-Za-z0-9_][A-Za-z0-9._-]*@)?"
    r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<host>[A-Za-z0-9_][A-Za-z0-9._-]*)|(?P<bare>[0-9A-Fa-f:.]+))"
    r"(?::(?P<port>[0-9]{1,5}))?/?\Z"
)
UPSTREAM = re.compile(
    r"(?P<tls>tls://)?(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<four>[0-9.]+)|(?P<bare>[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)(?=#|\Z))"
    r"(?::(?P<port>[0-9]{1,5}))?(?:#(?P<name>[^\s#]{1,253}))?\Z"
)
UNIQUE_LOCAL = IPv6Network("fd00::/8")
PRIVATE = tuple(IPv4Network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"))


@dataclass(frozen=True, slots=True)
class Listening:
    """A port or range, over one protocol or both: `80`, `12345/udp`, `27015-27030/udp`, `53/tcp+udp`."""

    ports: Ports
    protocols: tuple[Protocol, ...]

    def __str__(self) -> str:
        return f"{self.ports}/{'+'.join(self.protocols)}"


@dataclass(frozen=True, slots=True)
class Limit:
    """So many new connections in so many seconds from one source: `20/second`, `3/20s`; of 0 it is no limit."""

    count: int
    seconds: int

    def __bool__(self) -> bool:
        return self.count > 0

    def __str__(self) -> str:
        return f"{self.count}/{self.seconds}s" if self else "none"


@dataclass(frozen=True, slots=True)
class SshTarget:
    """Where ssh connects; `port` is None where the text names none."""

    text: str
    port: int | None

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Resolver:
    """A name server: its address and port; with `tls` the name that it must prove."""

    address: address.Address
    port: int
    tls: str | None

    def __str__(self) -> str:
        where = f"[{self.address}]" if self.address.version == 6 else str(self.address)
        return f"tls://{where}:{self.port}#{self.tls}" if self.tls else f"{where}:{self.port}"


def read_port(text: str) -> Listening:
    """`80`, `12345/udp`, `27015-27030/udp` or `53/tcp+udp`."""
    both = re.fullmatch(r"([0-9-]+)/(?:tcp\+udp|udp\+tcp)", text)
    with_sentence = _sentence("bad-port", parse_ports)
    ports, protocol = with_sentence(both[1] if both else text)
    return Listening(ports, (Protocol.TCP, Protocol.UDP) if both else (protocol,))


def read_single_port(text: str) -> int:
    """One port without a protocol."""
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 1 <= int(text) <= 65535:
        raise Mistake("bad-port", f"{shorten(text)} is not one port from 1 to 65535")
    return int(text)


def read_limit(text: str) -> Limit:
    """`20/second` or `3/20s`."""
    found = LIMIT.match(text)
    if not found:
        raise Mistake("bad-limit", f"{shorten(text)} is not a rate", "write `20/second`, `100/minute` or `3/20s`")
    count, seconds = int(found[1]), int(found[2] or 1) * SECONDS[found[3][0]]
    if not 1 <= count <= 10_000 or not 1 <= seconds <= 86_400:
        raise Mistake("bad-limit", f"the rate {shorten(text)} is out of bounds: 1 to 10000 in one second to one day")
    return Limit(count, seconds)


def read_limit_or_none(text: str) -> Limit:
    """A rate, or `none` for no limit."""
    return Limit(0, 1) if text == "none" else read_limit(text)


def read_connections(text: str) -> int:
    """How many connections; 0 for `none`, which is any number."""
    if text == "none":
        return 0
    if not re.fullmatch(r"[0-9]{1,7}", text) or not FEWEST <= int(text) <= MOST:
        sentence = f"{shorten(text)} is no number of connections from {FEWEST} to {MOST}"
        raise Mistake("bad-connections", sentence, "write `4096`, or `none` for no limit")
    return int(text)


def read_ssh(text: str) -> SshTarget:
    """`user@host`, `user@host:2222`, `ssh://user@host:2222`, `user@[2001:db8::1]:2222` or a name of ~/.ssh/config."""
    found = SSH.match(text)
    if not found or len(text) > 300:
        raise Mistake(
            "bad-ssh", f"{shorten(text)} is not where ssh could connect", "write `user@host` or `user@host:22`"
        )
    if literal := found["six"] or found["bare"]:
        _sentence("bad-ssh", address.parse_address)(literal)
    return SshTarget(text, read_single_port(found["port"]) if found["port"] else None)


def read_upstream(text: str) -> Resolver:
    """`9.9.9.9`, `[2620:fe::fe]:5353`, `tls://9.9.9.9#dns.quad9.net`."""
    found = UPSTREAM.match(text)
    example = "write `9.9.9.9` or `tls://9.9.9.9#dns.quad9.net`"
    if not found or bool(found["tls"]) != bool(found["name"]):
        raise Mistake("bad-upstream", f"{shorten(text)} is not a name server that can be asked", example)
    where = _sentence("bad-upstream", address.parse_address)(found["six"] or found["four"] or found["bare"])
    if (name := found["name"]) and (sentence := names.why_not_domain(name)):
        raise Mistake("bad-upstream", sentence, example)
    port = read_single_port(found["port"]) if found["port"] else 853 if found["tls"] else 53
    return Resolver(where, port, name)


def read_prefix4(text: str) -> IPv4Network:
    """The network's own IPv4 prefix: private, with room for at least one host."""
    prefix = _sentence("bad-prefix", address.parse_prefix)(text)
    if not isinstance(prefix, IPv4Network):
        raise Mistake("bad-prefix", f"{shorten(text)} is not an IPv4 prefix")
    if not any(holds(private, prefix) for private in PRIVATE):
        hint = "use a part of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16"
        raise Mistake("network-public", f"{prefix} is not private: it belongs to others on the Internet", hint)
    if not 8 <= prefix.prefixlen <= 24:
        raise Mistake("network-size", f"{prefix} must be a /24 or larger, as every host takes a /24 of it")
    return prefix


def read_prefix6(text: str) -> IPv6Network:
    """The network's own IPv6 prefix: a unique local /48."""
    prefix = _sentence("bad-prefix", address.parse_prefix)(text)
    if not isinstance(prefix, IPv6Network):
        raise Mistake("bad-prefix", f"{shorten(text)} is not an IPv6 prefix")
    if not holds(UNIQUE_LOCAL, prefix):
        hint = "leave the key out: a prefix is derived from the network's name"
        raise Mistake("network-public", f"{prefix} is not unique local: it must begin with `fd`", hint)
    if prefix.prefixlen != 48:
        raise Mistake("network-size", f"{prefix} must be a /48, as every host takes a /64 of it")
    return prefix


def derived_prefix6(fields: dict[str, object]) -> IPv6Network:
    """The unique local /48 that belongs to a network's name."""
    digest = sha256(f"warren network {fields.get('name', '')}".encode()).digest()
    return IPv6Network((b"\xfd" + digest[:5] + bytes(10), 48))


def _sentence(code: str, parse: Callable[[str], T]) -> Callable[[str], T]:
    """`parse`, with its ValueError as a `Mistake`."""

    def read(text: str) -> T:
        try:
            return parse(text)
        except ValueError as found:
            raise Mistake(code, str(found)) from None

    return read


def _named(why_not: Callable[[str], str | None], code: str = "bad-name") -> Callable[[str], str]:
    """A reader of names out of the question why one cannot be."""

    def read(text: str) -> str:
        if sentence := why_not(text):
            raise Mistake(code, sentence)
        return text

    return read


def _why_not_domain(name: str) -> str | None:
    return names.why_not_domain(name.removeprefix("*."))


def _why_not_label(name: str) -> str | None:
    return names.why_not_name("part of the network", name, names.LONGEST_PORT)


NAME = r"^[a-z]([a-z0-9-]*[a-z0-9])?$"
PORT = r"^[0-9]{1,5}(-[0-9]{1,5})?(/(tcp|udp|tcp\+udp|udp\+tcp))?$"
NUMBER = (int,)

Name: TypeAlias = Annotated[str, Written(_named(_why_not_label), "a name", NAME)]
HostName: TypeAlias = Annotated[str, Written(_named(names.why_not_host), "the name of a host", NAME)]
ServiceName: TypeAlias = Annotated[str, Written(_named(names.why_not_service), "the name of a service", NAME)]
NetworkName: TypeAlias = Annotated[str, Written(_named(names.why_not_network), "the name of the network", NAME)]
PortName: TypeAlias = Annotated[str, Written(_named(names.why_not_port), "the name of a port", NAME)]
Domain: TypeAlias = Annotated[str, Written(_named(_why_not_domain, "bad-domain"), "a domain")]
PortText: TypeAlias = Annotated[Listening, Written(read_port, "a port", PORT, NUMBER, ("80", "12345/udp"))]
SinglePort: TypeAlias = Annotated[int, Written(read_single_port, "a port", r"^[0-9]{1,5}$", NUMBER, show=int)]
LimitText: TypeAlias = Annotated[Limit, Written(read_limit, "a rate", examples=("20/second", "3/20s"))]
LimitOrNone: TypeAlias = Annotated[Limit, Written(read_limit_or_none, "a rate", examples=("3/20s", "none"))]
Connections: TypeAlias = Annotated[
    int,
    Written(
        read_connections,
        "a number of connections",
        r"^([0-9]{2,7}|none)$",
        NUMBER,
        ("20000", "none"),
        lambda most: most or "none",
    ),
]
SshText: TypeAlias = Annotated[SshTarget, Written(read_ssh, "where ssh connects", examples=("root@203.0.113.10",))]
UpstreamText: TypeAlias = Annotated[
    Resolver,
    Written(read_upstream, "a name server", examples=("9.9.9.9", "tls://9.9.9.9#dns.quad9.net")),
]
Address: TypeAlias = Annotated[address.Address, Written(_sentence("bad-address", address.parse_address), "an address")]
Prefix: TypeAlias = Annotated[address.Prefix, Written(_sentence("bad-prefix", address.parse_prefix), "a prefix")]
Prefix4: TypeAlias = Annotated[IPv4Network, Written(read_prefix4, "a prefix", examples=("10.86.0.0/16",))]
Prefix6: TypeAlias = Annotated[IPv6Network, Written(read_prefix6, "a prefix", examples=("fd12:3456:789a::/48",))]
