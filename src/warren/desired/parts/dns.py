"""Names inside: the configuration of each resolver, and whom each service asks.

In: the services of a host. Out: one file a resolver and one `resolv.conf` a service. Never tells one service the names
of another: every asker has a view of its own, told by its address, which it cannot forge.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network

from warren.basis.address import BOGONS4, BOGONS6, Address, Prefix
from warren.desired.items.file import File
from warren.desired.view import HostView
from warren.formats.unbound import (
    Clause,
    Option,
    Record,
    address_record,
    local_data,
    local_zone,
    option,
    pointer_record,
    write,
    write_options,
)
from warren.topology import folders
from warren.topology.model import Dns, Known, Role, Service, Upstream
from warren.topology.passes.names import asks_the_root, suffix, upstream_of, ways_out

ROOT_KEY = "/usr/share/dns/root.key"
AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"
EVERYTHING = "."
# Long enough for any outage, and the answer says with its own short life that it is old (RFC 8767).
EXPIRED_KEPT = 7 * 86400
# Milliseconds: after this time an old answer is better than none. RFC 8767 has 1800; a service that asks for every
# request it serves would stand still as long, each time.
EXPIRED_AFTER = 800
# Seconds that an old answer is believed before it is asked for again (RFC 8767).
EXPIRED_LIFE = 30
# Seconds: by default a server that did not answer for a while is left alone for up to 15 minutes, and after an outage
# nothing new has a name. What is forgotten with it, how fast each server is, hardly counts: those within 400 ms of each
# other are asked in turn.
SERVERS_JUDGED = 15


def dns(view: HostView) -> Iterator[File]:
    """The resolvers of the host, and the services that ask them."""
    asking: dict[str, list[Service]] = {one.name: [] for one in view.services if one.role is Role.RESOLVER}
    for service in view.services:
        if service.resolver:
            asking[service.resolver].append(service)
            resolver = view.topology.services[service.resolver]
            yield File(f"/etc/netns/{service.netns}/resolv.conf", _resolv_conf(view, resolver), in_place=True)
    for name, services in asking.items():
        text = write(_clauses(view, view.topology.services[name], services))
        yield File(f"{folders.told(name)}/unbound.conf", text)
        # Many services visit the same entries: what those answer is written once, and every view includes it.
        visited = (entry for service in services for entry in _visited(view, service))
        for entry in dict.fromkeys(visited):
            yield File(_sites_file(name, entry), _sites(view.topology.sites[entry]))


def _visited(view: HostView, service: Service) -> Iterator[str]:
    topology = view.topology
    return (visit.entry for visit in topology.visits_of(service.name) if visit.entry in topology.sites)


def _sites_file(resolver: str, entry: str) -> str:
    return f"{folders.told(resolver)}/{entry}.conf"


@lru_cache(maxsize=256)
def _sites(sites: tuple[Known, ...]) -> str:
    """What every resolver of every host says of an entry in the same words."""
    return write_options(_each_site(sites))


def _each_site(sites: tuple[Known, ...]) -> Iterator[Option]:
    for one in sites:
        # What has this name in other respects, such as its mail, is for the outside to say.
        yield local_zone(one.name, "typetransparent")
        for address in one.addresses:
            yield local_data(address_record(one.name, address))


def _resolv_conf(view: HostView, resolver: Service) -> str:
    """Whom the C library asks (resolv.conf(5)); the resolver itself waits for an old answer before it gives up."""
    servers = "".join(f"nameserver {address}\n" for address in resolver.addresses)
    return f"{servers}search {suffix(view.topology)}\noptions edns0 trust-ad timeout:3 attempts:2\n"


# ── the resolver ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _clauses(view: HostView, resolver: Service, services: list[Service]) -> Iterator[Clause]:
    settings = view.topology.dns or Dns()
    upstream = upstream_of(settings, view.host, resolver.egress)
    outside = bool(upstream) or asks_the_root(settings, resolver.egress)
    yield Clause("server", tuple(_server(view, resolver, settings, services)))
    yield Clause("remote-control", tuple(_control(resolver)))
    for service in services:
        yield Clause("view", tuple(_view(view, service, outside)))
    if upstream:
        yield from _forwards(upstream)


def _server(view: HostView, resolver: Service, settings: Dns, services: list[Service]) -> Iterator[Option]:
    yield option("directory", "/")
    for key in ("chroot", "username", "pidfile"):
        yield option(key, "")
    yield option("use-syslog", False)
    for address in resolver.addresses:
        yield option("interface", str(address))
    for address in resolver.addresses:
        yield option("outgoing-interface", str(address))
    yield from (option(key, value) for key, value in HARDENED)
    yield from (option(key, value) for key, value in PATIENT)
    yield from _families(ways_out(view.topology, resolver))
    yield option("module-config", "validator iterator" if settings.dnssec else "iterator")
    if settings.dnssec:
        yield option("trust-anchor-file", ROOT_KEY)
    yield option("tls-cert-bundle", AUTHORITIES)
    for prefix in (*BOGONS4, *BOGONS6, view.topology.prefix4, view.topology.prefix6):
        yield option("private-address", str(prefix))
    for domain in settings.private:
        yield option("private-domain", domain)
        yield option("domain-insecure", domain)
    # Who is not a service of this resolver is not even refused: its packets do not get here, and if they did, it hears
    # nothing.
    for everybody in ("0.0.0.0/0", "::/0"):
        yield option("access-control", everybody, "deny")
    for service in services:
        for own in service.addresses:
            yield option("access-control", _single(own), "allow")
            yield option("access-control-view", _single(own), service.name)


def _families(versions: frozenset[int]) -> Iterator[Option]:
    """Nobody is asked by a version of IP that does not lead out: a second would be gone with every name."""
    if versions == {4}:
        yield option("do-not-query-address", "::/0")
    elif versions == {6}:
        yield option("do-not-query-address", "0.0.0.0/0")
    else:
        # Whether a home has IPv6 is not known here, and nobody tells who tries.
        yield option("prefer-ip4", True)


HARDENED: tuple[tuple[str, str | int | bool], ...] = (
    ("hide-identity", True),
    ("hide-version", True),
    ("qname-minimisation", True),
    ("harden-glue", True),
    ("harden-dnssec-stripped", True),
    ("harden-below-nxdomain", True),
    ("harden-algo-downgrade", True),
    ("use-caps-for-id", False),
    ("deny-any", True),
    ("unwanted-reply-threshold", 10_000_000),
    ("do-not-query-localhost", True),
    ("val-clean-additional", True),
)
PATIENT: tuple[tuple[str, str | int | bool], ...] = (
    # One answers more questions than the way to it carries, and there is a resolver for every way out (bench/names).
    ("num-threads", 1),
    ("prefetch", True),
    ("prefetch-key", True),
    ("minimal-responses", True),
    ("rrset-roundrobin", True),
    ("cache-min-ttl", 0),
    ("cache-max-ttl", 86400),
    ("cache-max-negative-ttl", 300),
    ("serve-expired", True),
    ("serve-expired-ttl", EXPIRED_KEPT),
    ("serve-expired-client-timeout", EXPIRED_AFTER),
    ("serve-expired-reply-ttl", EXPIRED_LIFE),
    ("infra-host-ttl", SERVERS_JUDGED),
    ("edns-buffer-size", 1232),
    ("so-reuseport", True),
)


def _control(resolver: Service) -> Iterator[Option]:
    yield option("control-enable", True)
    yield option("control-interface", f"{folders.running(resolver.name, resolver.uid)}/control")
    yield option("control-use-cert", False)


def _single(address: Address) -> str:
    return f"{address}/{address.max_prefixlen}"


def _forwards(upstream: tuple[Upstream, ...]) -> Iterator[Clause]:
    encrypted = any(one.tls for one in upstream)
    options = [option("name", EVERYTHING), option("forward-tls-upstream", encrypted), option("forward-first", False)]
    # Where one can be asked over TLS, none is asked in plain text.
    options += [option("forward-addr", _written(one)) for one in upstream if bool(one.tls) == encrypted]
    yield Clause("forward-zone", tuple(options))


def _written(one: Upstream) -> str:
    return f"{one.address}@{one.port}" + (f"#{one.tls}" if one.tls else "")


# ── what one service is told ──────────────────────────────────────────────────────────────────────────────────────────


def _view(view: HostView, service: Service, outside: bool) -> Iterator[Option]:
    inside = suffix(view.topology)
    yield option("name", service.name)
    yield local_zone(inside, "static")
    yield local_data(Record(inside, "SOA", f"{inside}. nobody.invalid. 1 3600 600 86400 60"))
    for prefix in (view.topology.prefix4, view.topology.prefix6):
        yield from _static(prefix)
    if not outside:
        yield local_zone(EVERYTHING, "static")
    for one in view.topology.names.get(service.name, ()):
        if not one.name.endswith(f".{inside}"):
            yield local_zone(one.name, "typetransparent")
        for address in one.addresses:
            yield local_data(address_record(one.name, address))
            if one.reverse:
                yield local_data(pointer_record(address, one.name))
    for entry in _visited(view, service):
        yield option("include", _sites_file(service.resolver or "", entry))


@lru_cache(maxsize=16)
def _static(prefix: Prefix) -> tuple[Option, ...]:
    return tuple(local_zone(zone, "static") for zone in reverse_zones(prefix))


def reverse_zones(prefix: Prefix) -> Iterator[str]:
    """The zones of a prefix's pointers: as many as it has prefixes that end at a label."""
    step = 8 if prefix.version == 4 else 4
    length = -(-prefix.prefixlen // step) * step
    for part in prefix.subnets(new_prefix=length):
        yield _reverse(part, step)


def _reverse(part: IPv4Network | IPv6Network, step: int) -> str:
    labels = part.network_address.reverse_pointer.split(".")
    return ".".join(labels[(part.max_prefixlen - part.prefixlen) // step :])
