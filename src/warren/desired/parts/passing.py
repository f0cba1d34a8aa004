"""Passing on: what tells connections apart by their name at a gateway, and what takes them at the entries that decrypt.

In: the entries of a host. Out: a configuration of HAProxy for each that passes on or is passed something, and its
loopback. Never a name that the file does not have, and never a client's address on the word of anybody but the gateway.

The gateway reads the name in the first packet of a handshake, which is open to all on the way, and sends the client's
address ahead (PROXY protocol, version 2). In the entry that decrypts, HAProxy connects to Caddy from that very address,
over the loopback: Debian's Caddy does not know the protocol, and sees what it would see with nothing in between.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from warren.desired.items.file import File
from warren.desired.items.loopback import Loopback
from warren.desired.model import Item
from warren.desired.parts.https import DIAL, MODE
from warren.desired.view import HostView
from warren.formats.haproxy import Section, line, write
from warren.topology import folders
from warren.topology.model import Role, Service, Topology
from warren.topology.passing import FILE, NAMES, PLAIN, is_reader, names_by_reader, passer_of, passes, unit_name

HTTPS_PORT, HTTP_PORT = 443, 80
CHALLENGES = "/.well-known/acme-challenge/"
NAME, HOST = "req.ssl_sni,lower", "var(txn.name)"
# A handshake that does not say its name in this time is none.
PATIENCE = "5s"
EVERYBODY4 = "0.0.0.0/0"
GLOBAL = Section(
    "global",
    None,
    (
        line("maxconn 8192"),
        # Where the host allows fewer files, it serves fewer connections, and not none.
        line("no strict-limits"),
        # Connections outlive a change with the worker that has them, for a day at most.
        line("hard-stop-after 24h"),
    ),
)
DEFAULTS = Section(
    "defaults",
    None,
    (
        line("mode tcp"),
        line("timeout connect", DIAL),
        line("retries 0"),
        line("timeout client 30s"),
        line("timeout server 30s"),
        # Caddy ends what is idle; what is upgraded may be silent for long.
        line("timeout tunnel 24h"),
        line("timeout client-fin 30s"),
        line("timeout server-fin 30s"),
        line("timeout http-request 10s"),
        line("option clitcpka"),
        line("option srvtcpka"),
    ),
)


def passing(view: HostView) -> Iterator[Item]:
    """What the entries of the host have for it."""
    for service in view.services:
        if service.role is Role.ENTRY and (sections := _sections(view.topology, service)):
            path = f"{folders.told(unit_name(service.name))}/{FILE}"
            yield File(path, write((GLOBAL, DEFAULTS, *sections)), MODE, service.name)
            if is_reader(view.topology, service.name):
                yield Loopback(service.netns, str(service.addresses.v4))


def _sections(topology: Topology, entry: Service) -> tuple[Section, ...]:
    if passes(topology, entry.name):
        return tuple(_gateway(topology, entry))
    passer = passer_of(topology, entry.name)
    return tuple(_home(topology.services[passer])) if passer else ()


# ── at the gateway ────────────────────────────────────────────────────────────────────────────────────────────────────


def _gateway(topology: Topology, entry: Service) -> Iterator[Section]:
    readers = names_by_reader(topology, entry.name)
    yield Section("frontend", "names", (*_listening(NAMES.first), *_by_name(entry, readers)))
    yield Section("frontend", "plain", (*_listening(PLAIN.first), *_by_host(readers)))
    for name in readers:
        if name == entry.name:
            yield from _to_caddy(name)
        else:
            target = f"{topology.services[name].addresses.v4}"
            yield Section("backend", name, (line("server", name, f"{target}:{NAMES.first}", "send-proxy-v2"),))
        host = "127.0.0.1" if name == entry.name else target
        yield Section("backend", f"{name}-plain", (line("mode http"), line("server", name, f"{host}:{HTTP_PORT}")))


def _listening(port: int, *more: str) -> Iterator[tuple[str, ...]]:
    yield line("bind", f"0.0.0.0:{port}", *more)
    yield line("bind", f"[::]:{port}", "v6only", *more)


def _by_name(entry: Service, readers: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """The beginning of a handshake says who it is for; a connection for nobody is closed."""
    yield line("tcp-request inspect-delay", PATIENCE)
    yield line("tcp-request content accept if { req.ssl_hello_type 1 }")
    yield line("tcp-request content reject")
    for name, condition in _conditions(readers, NAME):
        if name == entry.name:
            yield line("use_backend", f"{name}-ipv4", "if", *condition, "{", "src", EVERYBODY4, "}")
            yield line("use_backend", f"{name}-ipv6", "if", *condition)
        else:
            yield line("use_backend", name, "if", *condition)


def _by_host(readers: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Plain HTTP goes to HTTPS, but for what the authority asks of whoever decrypts the name."""
    yield line("mode http")
    yield line("http-request set-var(txn.name) req.hdr(host),field(1,:),lower")
    yield from (line("acl known", *condition[1:-1]) for _, condition in _conditions(readers, HOST))
    yield line("acl challenge path_beg", CHALLENGES)
    yield line("http-request reject unless known")
    yield line("http-request redirect location https://%[var(txn.name)]%[pathq] code 308 unless challenge")
    yield from (
        line("use_backend", f"{name}-plain", "if", *condition) for name, condition in _conditions(readers, HOST)
    )


def _conditions(readers: dict[str, tuple[str, ...]], what: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Whom a name leads to: one that is written out goes before one that a star stands for."""
    for name, names in readers.items():
        if exact := [each for each in names if not each.startswith("*.")]:
            yield name, _matching(what, "str", exact)
    for name, names in readers.items():
        if below := [_pattern(each) for each in names if each.startswith("*.")]:
            yield name, _matching(what, "reg", below)


def _matching(what: str, how: str, values: Iterable[str]) -> tuple[str, ...]:
    return line("{", what, "-m", how, "--", *values, "}")


def _pattern(name: str) -> str:
    """A star stands for one label (RFC 6125, 6.4.3)."""
    return f"^[^.]+{name.removeprefix('*').replace('.', '[.]')}$"


# ── where it is decrypted ─────────────────────────────────────────────────────────────────────────────────────────────


def _home(gateway: Service) -> Iterator[Section]:
    """What the gateway says of the client is believed, and of others not even heard."""
    yield Section(
        "frontend",
        "passed",
        (
            *_listening(NAMES.first),
            line("tcp-request connection reject unless { src", *map(str, gateway.addresses), "}"),
            line("tcp-request connection expect-proxy layer4"),
            line("use_backend caddy-ipv4 if { src", EVERYBODY4, "}"),
            line("default_backend caddy-ipv6"),
        ),
    )
    yield from _to_caddy("caddy")


def _to_caddy(name: str) -> Iterator[Section]:
    """Over the loopback, from the client's own address."""
    for family, anybody, loopback in (("ipv4", "0.0.0.0", "127.0.0.1"), ("ipv6", "[::]", "[::1]")):
        source = line("source", anybody, "usesrc", "clientip")
        yield Section("backend", f"{name}-{family}", (source, line("server caddy", f"{loopback}:{HTTPS_PORT}")))
