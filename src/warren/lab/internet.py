"""What the small Internet knows: names, from its own root, and certificates, from its own authority.

In: a running lab and its topology. Out: signed names at the addresses where the real servers are, the registrar's
records of the file, an ACME authority where Let's Encrypt is, and hosts that trust both. Never a change to what a host
gets: its files are those of a real one.
"""

from __future__ import annotations

import shlex
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import IPv4Address, ip_address

from warren.formats.unbound import Clause, Option, Record, address_record, option, write
from warren.hosts.base import Host
from warren.lab import door, netns
from warren.lab.authority import AUTHORITY_FILES, certificates
from warren.lab.blueprint import CORE
from warren.lab.keeper import FILES
from warren.lab.lab import ANCHOR, Lab
from warren.lab.signer import signer
from warren.lab.zones import SERVERS, Trust, zones
from warren.topology.model import Address, Topology
from warren.topology.records import records as registered

# The root's servers as unbound has them built in, with the one that moved in 2023 (root-servers.org).
ROOT = tuple(
    map(
        ip_address,
        "198.41.0.4 170.247.170.2 199.9.14.201 192.33.4.12 199.7.91.13 192.203.230.10 192.5.5.241 192.112.36.4"
        " 198.97.190.53 192.36.148.17 192.58.128.30 193.0.14.129 199.7.83.42 202.12.27.33 2001:503:ba3e::2:30"
        " 2801:1b8:10::b 2001:500:200::b 2001:500:2::c 2001:500:2d::d 2001:500:a8::e 2001:500:2f::f 2001:500:12::d0d"
        " 2001:500:1::53 2001:7fe::53 2001:503:c27::2:30 2001:7fd::1 2001:500:9f::42 2001:dc3::35".split(),
    )
)
ACME = "acme-v02.api.letsencrypt.org"
# What a hostile domain would answer: addresses of homes and of the machine itself.
HOSTILE, PRIVATE = "hostile.example", ("192.168.2.1", "10.86.0.1", "127.0.0.1", "169.254.169.254", "fd00::1", "::1")
# A domain whose owner signs nothing, one that is signed, and one whose signatures prove nothing.
ORDINARY, PROVED, FORGED = "ordinary.example", "proved.example", "forged.example"
# What may be remembered for a second.
BRIEF = "brief.example"
TRUST = {HOSTILE: Trust.UNSIGNED, ORDINARY: Trust.UNSIGNED, PROVED: Trust.PROVED, FORGED: Trust.FORGED}
# What a service may be told of them: nothing private.
NAMES: Mapping[str, tuple[Address, ...]] = {name: (ROOT[0], ROOT[14]) for name in (ORDINARY, PROVED)} | {HOSTILE: ()}
TRUSTED = ("/etc/ssl/certs/ca-certificates.crt", "/usr/share/dns/root.key")
START_LIMIT = 10.0
RESOLV_CONF = f"nameserver {ROOT[0]}\n"


def stand(lab: Lab, hosts: Mapping[str, Host], topology: Topology) -> None:
    """Have names and certificates as the topology wants them, and hosts that trust them."""
    if topology.dns is None:
        return
    answering = (*ROOT, *_upstreams(lab, topology))
    lines = [f"addr replace {address}/{address.max_prefixlen} dev lo" for address in answering]
    door.ask(lab.name, {"do": "configure", "lines": {CORE: lines}, "rules": {}})
    made = certificates(lab, [one.tls for one in topology.dns.upstream if one.tls])
    _names(lab, topology, write(_server(answering, made)))
    if topology.https:
        _authority(lab)
    for host in hosts.values():
        _trust(host, lab.read("ca.pem") or b"", lab.read(ANCHOR) or b"")


def _names(lab: Lab, topology: Topology, server: str) -> None:
    """Have the zones told that the topology wants; signed anew only where something of them changes."""
    told = list(dict.fromkeys(records(topology)))
    wanted = "".join((server, *(f"{one}\n" for one in told))).encode()
    if lab.read("root.told") == wanted:
        return
    clauses = []
    for number, (name, text) in enumerate(zones(told, trust(topology), signer(lab)).items()):
        lab.write(f"zone{number}", text.encode())
        clauses.append(_zone(name, f"{FILES}/zone{number}"))
    lab.write("root.conf", (server + write(clauses)).encode())
    _again(lab, "root", f"unbound -d -c {FILES}/root.conf")
    lab.write("root.told", wanted)


def trust(topology: Topology) -> dict[str, Trust]:
    """The zones below the first label: those for trials, and the file's own, whose registrar signs."""
    own = topology.domain if topology.domain and "." in topology.domain else PROVED
    return {**TRUST, own: Trust.PROVED}


def records(topology: Topology) -> Iterator[Record]:
    """What the registrars of the file's names were told, and names for trials."""
    for one in registered(topology):
        yield address_record(one.name.replace("*.", "any."), ip_address(one.content))
    for address in (ROOT[0], ROOT[14]):
        yield address_record(ACME, address)
        for name in (ORDINARY, PROVED, FORGED):
            yield address_record(name, address)
    # Each letter has one address of either version.
    yield from (address_record(name, address) for name, address in zip(SERVERS * 2, ROOT, strict=True))
    yield address_record(BRIEF, ROOT[0], ttl=1)
    yield from (address_record(HOSTILE, ip_address(text)) for text in PRIVATE)


def _upstreams(lab: Lab, topology: Topology) -> tuple[Address, ...]:
    """The name servers of the file, where nobody else of the lab has their addresses."""
    assert topology.dns
    taken = {a for client in lab.chart().ground.clients for a in client.addresses}
    beside = [prefix for host in topology.hosts.values() for lan in host.lans for prefix in lan.prefixes]
    asked = dict.fromkeys(one.address for one in topology.dns.upstream if one.address not in (*ROOT, *taken))
    return tuple(address for address in asked if not any(address in prefix for prefix in beside))


def _server(answering: Iterable[Address], tls: bool) -> Iterator[Clause]:
    server: list[Option] = [option("directory", "/"), option("use-syslog", False)]
    server += [option(key, "") for key in ("chroot", "username", "pidfile")]
    server += [option("module-config", "iterator"), option("num-threads", 1)]
    for address in answering:
        server += [option("interface", str(address))]
        server += [option("interface", f"{address}@853")] if tls else []
    if tls:
        server += [option("tls-service-pem", f"{FILES}/dns.pem"), option("tls-service-key", f"{FILES}/dns.key")]
    server += [option("access-control", everybody, "allow") for everybody in ("0.0.0.0/0", "::/0")]
    yield Clause("server", tuple(server))


def _zone(name: str, file: str) -> Clause:
    """Told as by its own server, with what proves it (unbound.conf(5), auth-zone)."""
    settings = (option("for-downstream", True), option("for-upstream", False))
    return Clause("auth-zone", (option("name", name), option("zonefile", file), *settings))


def _again(lab: Lab, name: str, command: str) -> None:
    """End a program of the core and start it anew, as soon as its ports are free."""
    pid = f"{FILES}/{name}.pid"
    bound = f"echo $$ > {pid}; mount --bind {FILES}/resolv.conf /etc/resolv.conf; exec {command}"
    lab.write("resolv.conf", RESOLV_CONF.encode())
    _in_core(
        lab, f"[ ! -e {pid} ] || {{ p=$(cat {pid}); kill $p; while kill -0 $p; do sleep 0.02; done; }} 2>/dev/null"
    )
    argv = ["/bin/sh", "-c", f"exec unshare --mount sh -c {shlex.quote(bound)}"]
    door.ask(lab.name, {"do": "spawn", "name": name, "argv": argv})


def _authority(lab: Lab) -> None:
    """Caddy as a certificate authority that speaks ACME; it runs as long as the lab."""
    if lab.read("ca.pid") is None:
        lab.write("Caddyfile", AUTHORITY_FILES.format(files=FILES, name=ACME, address=ROOT[0], other=ROOT[14]).encode())
        _again(lab, "ca", f"env HOME={FILES} caddy run --adapter caddyfile --config {FILES}/Caddyfile")
        _wait(lab, ROOT[0], 443)


def _wait(lab: Lab, address: Address, port: int) -> None:
    until = time.monotonic() + START_LIMIT
    where = f"{address}" if isinstance(address, IPv4Address) else f"[{address}]"
    while _in_core(lab, f"bash -c 'exec 3<>/dev/tcp/{where}/{port}' 2>/dev/null"):
        if time.monotonic() > until:
            raise door.refuse("internet", f"the authority of lab `{lab.name}` did not start")
        time.sleep(0.05)


def _in_core(lab: Lab, line: str) -> int:
    return subprocess.call([*netns.enter(lab.pid), "sh", "-c", line], env=netns.environment())


def _trust(host: Host, authority: bytes, anchor: bytes) -> None:
    """The lab's authority besides those of the machine, and the key of the small root in place of the real one's."""
    bundle, key = TRUSTED
    host.run(
        "mkdir -p /run/.trust; cat > /run/.trust/own; [ -e /run/.trust/key ] || {"
        f" printf %s {shlex.quote(anchor.decode())} > /run/.trust/key;"
        f" cp {bundle} /run/.trust/others; cp /run/.trust/others /run/.trust/bundle;"
        f" mount --bind /run/.trust/bundle {bundle}; [ ! -e {key} ] || mount --bind /run/.trust/key {key}; }};"
        f" cat /run/.trust/others /run/.trust/own > /run/.trust/bundle",
        stdin=authority,
    )
