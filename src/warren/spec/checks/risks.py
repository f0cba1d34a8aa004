"""What is legal but dangerous, until the file says why it is meant.

In: a spec. Out: warnings, without those that it acknowledges with a reason. Never stops anything, save for a
reason that belongs to no risk.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from warren.basis.address import Protocol, holds, overlaps
from warren.basis.diagnostic import Diagnostic, error, warning
from warren.basis.ranges import is_bogon
from warren.spec.checks.dangers import Risk, dangers
from warren.spec.exposing import Offer, offers
from warren.spec.fields import shorten
from warren.spec.guard import is_guarded
from warren.spec.model import Service, Spec
from warren.spec.reference import EVERY, Directory, as_prefix, closest
from warren.spec.tree import Path

# Each code, and what its warning is about; the reference lists them.
RISKS = {
    "admin-exposed": "a port where machines are administered is exposed to the Internet",
    "any-to-any": "a service may connect to every port of every other",
    "capability": "a container gets a capability that is as good as root",
    "database-exposed": "a database is exposed to the Internet",
    "docker-socket": "a container may command a container engine, and with it the machine",
    "egress-shows-home": "a service exposed at a gateway, or with no way out but its needs, calls from home",
    "host-root": "a container sees the files of the whole machine",
    "host-device": "a container may read or write a device with which it can do anything to the machine",
    "interpolation": "a value looks as if Compose should fill it in, and nothing does",
    "image-not-pinned": "an image without a version may become another one at any pull",
    "lan-attached": "a service has an interface on a LAN, past all rules",
    "need-spans-lan": "a needed prefix contains the LAN of the service's host",
    "no-firewall": "a public host is not guarded",
    "no-way-back": "services that ask for a public port get no answer: their connection comes back to its own host",
    "privileged": "a container has no walls",
    "raw-network": "raw lines give a container another network",
    "secret-in-file": "a password stands in the file itself",
    "ssh-exposed": "ssh of a service is exposed to the Internet",
    "unconfined": "a container lacks a wall that others have",
}
DATABASES = {
    1433: "SQL Server",
    1521: "Oracle",
    3306: "MySQL",
    5432: "PostgreSQL",
    5984: "CouchDB",
    6379: "Redis",
    7474: "Neo4j",
    7687: "Neo4j",
    8086: "InfluxDB",
    8529: "ArangoDB",
    9042: "Cassandra",
    9200: "Elasticsearch",
    9300: "Elasticsearch",
    11211: "memcached",
    26257: "CockroachDB",
    27017: "MongoDB",
    28015: "RethinkDB",
}
DATABASE_IMAGES = frozenset(
    "arangodb cassandra clickhouse-server cockroach couchdb elasticsearch etcd influxdb keydb mariadb memcached mongo"
    " mongodb mssql-server mysql neo4j opensearch percona pgvector postgis postgres postgresql redis rethinkdb"
    " timescaledb valkey".split()
)
ADMINISTRATION = {
    23: "telnet",
    111: "rpcbind",
    139: "Windows file sharing",
    445: "Windows file sharing",
    2049: "NFS",
    2375: "the Docker API",
    2376: "the Docker API",
    2379: "etcd",
    3389: "remote desktop",
    5900: "VNC",
    5985: "Windows administration",
    5986: "Windows administration",
    6443: "the Kubernetes API",
    8006: "Proxmox",
    8500: "Consul",
    9090: "Cockpit or Prometheus",
    9443: "Portainer",
    10000: "Webmin",
    10250: "the kubelet",
    15672: "RabbitMQ's administration",
}
# A service that says so has no way out but for its needs.
HIDDEN = ("none", "lan")
Ways: TypeAlias = dict[tuple[str, str], list[str]]


def risks(spec: Spec, _: Directory) -> Iterator[Diagnostic]:
    """The warnings that nothing in the file acknowledges, and reasons for what is no risk."""
    yield from _unknown_codes(spec)
    for risk in _risks(spec):
        if risk.code not in spec.acknowledge and risk.code not in _reasons(spec, risk.path):
            hint = risk.hint or f"if it is meant, write `acknowledge: {{{risk.code}: why}}` there"
            yield warning(risk.code, risk.summary, spec.place(*risk.path), hint)


def _reasons(spec: Spec, path: Path) -> dict[str, str]:
    name = str(path[1])
    return spec.hosts[name].acknowledge if path[0] == "hosts" else spec.services[name].acknowledge


def _unknown_codes(spec: Spec) -> Iterator[Diagnostic]:
    owners: list[tuple[Path, dict[str, str]]] = [((), spec.acknowledge)]
    owners += [(("hosts", name), host.acknowledge) for name, host in spec.hosts.items()]
    owners += [(("services", name), service.acknowledge) for name, service in spec.services.items()]
    for path, reasons in owners:
        for code in reasons:
            if code not in RISKS:
                hint = closest(code, RISKS) or f"risks are {', '.join(RISKS)}"
                yield error(
                    "unknown-risk", f"there is no risk `{code}`", spec.place(*path, "acknowledge", code, key=True), hint
                )


def _risks(spec: Spec) -> Iterator[Risk]:
    for name, host in spec.hosts.items():
        if host.public and not is_guarded(host):
            summary = f"`{name}` is public and has no firewall: every program of the host can be reached"
            yield Risk("no-firewall", summary, ("hosts", name, "firewall"))
    ways = _ways(spec)
    for name, service in spec.services.items():
        if service.expose:
            yield from _exposed(spec, ways, name, service)
        yield from _needs(spec, name, service)
        yield from _needs_from_home(spec, name, service)
        yield from dangers(name, service)


def _exposed(spec: Spec, ways: Ways, name: str, service: Service) -> Iterator[Risk]:
    found = list(offers(spec, name))
    public = [offer for offer in found if isinstance(offer, Offer) and not offer.is_lan]
    for offer in public:
        if not offer.sources:
            yield from _offer(name, service, offer)
    host = spec.hosts.get(service.host)
    if host and host.public:
        for offer in (each for each in public if each.at != service.host):
            yield from _without_way_back(ways, name, service.host, offer)
    if public and host and not host.public and (service.egress or host.egress or "direct") == "direct":
        summary = (
            f"`{name}` is exposed at `{public[0].at}`, and its own connections show the address of `{service.host}`"
        )
        key = "egress" if service.egress else "host"
        yield Risk("egress-shows-home", summary, ("services", name, key), f"write `egress: {public[0].at}`")


def _ways(spec: Spec) -> Ways:
    """The services by the host that they run on and the one that they leave by."""
    found: Ways = {}
    for name, service in spec.services.items():
        host = spec.hosts.get(service.host)
        egress = service.egress or (host.egress if host else None) or "direct"
        found.setdefault((service.host, service.host if egress == "direct" else egress), []).append(name)
    return found


def _without_way_back(ways: Ways, name: str, home: str, offer: Offer) -> Iterator[Risk]:
    """Who leaves by one gateway and is led back to it by another: the kernel takes such packets for forged ones."""
    hidden = offer.line.client_address == "hide"
    asking = [
        other
        for (host, leaves), names in ways.items()
        if (leaves == home and not hidden) or (host, leaves) == (home, offer.at)
        for other in names
        if other != name
    ]
    if asking:
        who = f"`{asking[0]}`" if len(asking) == 1 else f"{len(asking)} services, `{asking[0]}` among them,"
        summary = f"{who} would get no answer from `{name}` at `{offer.at}`: the connection comes back to `{home}`"
        hint = f"`needs: [{name}]` leads there directly; if nobody asks, `acknowledge: {{no-way-back: why}}` there"
        yield Risk("no-way-back", summary, (*offer.path, "port"), hint)


def _offer(name: str, service: Service, offer: Offer) -> Iterator[Risk]:
    path: Path = (*offer.path, "port")
    is_tcp = offer.protocol is Protocol.TCP
    database = next((what for port, what in DATABASES.items() if port in offer.target), None)
    image = _base_name(service.image or "")
    if (database and is_tcp) or image in DATABASE_IMAGES:
        what = database or f"the image `{image}`"
        yield Risk("database-exposed", f"the Internet can reach the database `{name}` ({what}) at `{offer.at}`", path)
    if is_tcp and 22 in offer.target:
        yield Risk("ssh-exposed", f"the Internet can reach ssh of `{name}` at `{offer.at}`", path)
    administered = next((what for port, what in ADMINISTRATION.items() if port in offer.target), None)
    if is_tcp and administered:
        summary = f"the Internet can reach a port of `{name}` where {administered} usually answers"
        yield Risk("admin-exposed", summary, path)


def _base_name(image: str) -> str:
    return image.partition("@")[0].rpartition("/")[2].partition(":")[0]


def _needs(spec: Spec, name: str, service: Service) -> Iterator[Risk]:
    host = spec.hosts.get(service.host)
    lans = [prefix for prefixes in (host.lan.values() if host else ()) for prefix in prefixes]
    for index, need in enumerate(service.needs):
        for number, word in enumerate(need.to):
            path: Path = ("services", name, "needs", index, "to", number)
            if word == EVERY:
                yield Risk("any-to-any", f"`{name}` may connect to every port of every other service", path)
            prefix = as_prefix(word)
            for lan in lans if prefix else ():
                is_excepted = any(holds(out, lan) for out in need.except_)
                if prefix and overlaps(prefix, lan) and not holds(lan, prefix) and not is_excepted:
                    summary = f"{shorten(word)}, which `{name}` needs, contains the LAN {lan} of `{service.host}`"
                    yield Risk("need-spans-lan", summary, path, f"write `{{to: {word}, except: [{lan}]}}`")


def _needs_from_home(spec: Spec, name: str, service: Service) -> Iterator[Risk]:
    """The first need of addresses that a service without a way out of its own has, where its host names none either."""
    host, gateway = spec.hosts.get(service.host), next((one for one, each in spec.hosts.items() if each.public), None)
    if host is None or host.public or gateway is None:
        return
    own, inherited = service.egress or host.egress or "direct", host.egress or "direct"
    if own not in HIDDEN or inherited not in (*HIDDEN, "direct"):
        return
    lans = [prefix for prefixes in host.lan.values() for prefix in prefixes]
    for index, need in enumerate(service.needs):
        for number, word in enumerate(need.to):
            prefix = as_prefix(word)
            if prefix and not is_bogon(prefix) and not any(holds(lan, prefix) for lan in lans):
                path: Path = ("services", name, "needs", index, "to", number)
                summary = f"`{name}` reaches {shorten(word)} directly, and shows the address of `{service.host}`"
                first = "" if service.egress else f"`egress: {own}` at `{name}` and "
                there = f"write {first}`egress: {gateway}` at the host `{service.host}`"
                hint = f"{there}, or `acknowledge: {{egress-shows-home: why}}` here"
                yield Risk("egress-shows-home", summary, path, hint)
                return
