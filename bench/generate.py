"""Files of any size that look like those of people: `python -m bench.generate 1000 > warren.yaml`.

In: how many services, and on how many hosts. Out: the text of a file that `warren check` accepts, the same for the same
numbers. Never uses chance.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass

# Ten services belong together on one host: a database and a cache with what needs them.
TEAM = 10
KINDS = ("db", "cache", "web", "api", "app", "work", "mail", "wiki", "game", "watch")
FIRST_PORT = 20_000
# Their addresses come from 203.0.113.0/24.
MOST_GATEWAYS = 250


@dataclass(frozen=True, slots=True)
class World:
    """How many there are of each."""

    services: int
    hosts: int
    gateways: int

    @property
    def teams(self) -> int:
        """Teams, the last of which may be incomplete."""
        return -(-self.services // TEAM)

    def host(self, team: int) -> int:
        """The host of a team: all hosts in turn."""
        return team % self.hosts

    def gateway(self, host: int) -> int:
        """The gateway that a host dials, which is the host itself where it is one."""
        return host if host < self.gateways else host % self.gateways

    def host_name(self, host: int) -> str:
        """Gateways come first."""
        return f"edge-{host}" if host < self.gateways else f"home-{host}"


def world(services: int, hosts: int | None = None) -> World:
    """Fifty services on a host and eight hosts on a gateway, unless told otherwise."""
    count = hosts if hosts is not None else min(max(services // 50, 2), 200)
    return World(services, count, min(max(1, count // 8), MOST_GATEWAYS))


def generate(services: int, hosts: int | None = None) -> str:
    """The text of a whole file."""
    made = world(services, hosts)
    lines = [
        f"# {services} services on {made.hosts} hosts, {made.gateways} of them gateways; made by bench/generate.py.",
        "version: 1",
        f"network: {{name: generated-{services}, domain: example.org}}",
        "",
        "hosts:",
        *(_host(made, host) for host in range(made.hosts)),
        "",
        "services:",
        *(line for number in range(services) for line in _service(made, number)),
        "",
        "groups:",
        *_groups(made),
        "",
        "expect:",
        *_expectations(made),
    ]
    return "\n".join(lines) + "\n"


# ── hosts ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _host(made: World, host: int) -> str:
    name = made.host_name(host)
    if host < made.gateways:
        address = f"203.0.113.{host + 1}"
        return f'  {name}: {{ssh: root@{address}, public: [{address}, "2001:db8:10::{host + 1:x}"]}}'
    gateway = made.host_name(made.gateway(host))
    lan = f"lan: 192.168.{host % 250 + 1}.0/24"
    return f"  {name}: {{{lan}, egress: {gateway}, gateways: [{gateway}], programs: {{mysql: 3306}}}}"


# ── services ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def service_name(number: int) -> str:
    """Short enough for an interface up to a million services."""
    return f"{KINDS[number % TEAM]}-{number}"


def _service(made: World, number: int) -> Iterator[str]:
    kind, team = KINDS[number % TEAM], number // TEAM
    host = made.host(team)
    yield f"  {service_name(number)}:"
    yield f"    host: {made.host_name(host)}"
    yield f"    image: registry.example.org/{kind}:{1 + number % 7}"
    yield f"    ports: {{{', '.join(_ports(kind))}}}"
    if needs := list(_needs(made, number, kind)):
        yield f"    needs: [{', '.join(needs)}]"
    if egress := _egress(made, number, kind, host):
        yield f"    egress: {egress}"
    if exposures := list(_exposures(made, number, kind)):
        yield f"    expose: [{', '.join(exposures)}]"


def _ports(kind: str) -> Iterator[str]:
    own = {"db": "sql: 5432", "cache": "redis: 6379", "game": "play: 27015-27022/udp", "mail": "smtp: 2525"}
    yield own.get(kind, "web: 8080")
    if kind not in ("cache", "watch"):
        yield "metrics: 9100"


def _needs(made: World, number: int, kind: str) -> Iterator[str]:
    """About three for each service that is not needed by all others."""
    team, host = number // TEAM, made.host(number // TEAM)
    if kind in ("db", "cache"):
        return
    if kind == "watch":
        yield f"team-{team}.metrics"
        return
    yield f"db-{team * TEAM}.sql"
    yield f"cache-{team * TEAM + 1}.redis"
    if number % 25 == 4 and host >= made.gateways:
        yield f"{{to: {made.host_name(host)}.mysql, localhost: 3306}}"
    elif kind == "work":
        yield '{to: [192.0.2.128/25, "2001:db8:64::/48"], ports: [443/tcp]}'
    else:
        yield _neighbour(made, number)


def _neighbour(made: World, number: int) -> str:
    """The web page of another team, which one gateway joins to this one."""
    team = number // TEAM
    other = team
    for step in range(1, made.hosts + 1):
        candidate = (team + step) % made.teams
        if made.gateway(made.host(candidate)) == made.gateway(made.host(team)):
            other = candidate
            break
    target = other * TEAM + 2
    # A service does not need itself, and the last team may end before its web page.
    return f"{service_name(target)}.web" if target < made.services and target != number else f"db-{team * TEAM}.metrics"


def _egress(made: World, number: int, kind: str, host: int) -> str | None:
    """Databases and watchers never call out; at home some go out directly or stay on the LAN."""
    if kind in ("db", "cache", "watch"):
        return "none"
    if host < made.gateways:
        return None
    return {"work": "direct", "wiki": "lan"}.get(kind) if number % 3 else None


def _exposures(made: World, number: int, kind: str) -> Iterator[str]:
    """One service in five: a name, a port or a range at its gateway."""
    gateway = made.host_name(made.gateway(made.host(number // TEAM)))
    # No two teams have a port in common, as each may have the same gateway.
    first = FIRST_PORT + number // TEAM * 20
    if first + 20 > 61_000:
        return
    if kind == "web" and number % 3:
        yield f"{{port: {first}, to: web, at: {gateway}, limit: 20/second}}"
    elif kind == "web":
        yield f"{{https: {service_name(number)}.example.org, to: web, at: {gateway}}}"
    elif kind == "game":
        yield f"{{port: {first + 1}-{first + 8}/udp, to: play, at: {gateway}}}"


# ── the rest ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _groups(made: World) -> Iterator[str]:
    """Every team is a group; its watcher is in it, as a service never needs itself."""
    for team in range(made.teams):
        members = range(team * TEAM, min(team * TEAM + TEAM, made.services))
        yield f"  team-{team}: [{', '.join(map(service_name, members))}]"


def _expectations(made: World) -> Iterator[str]:
    for team in range(0, made.teams, 10):
        yield f"  - internet -> db-{team * TEAM}: closed"
        if team * TEAM + 8 < made.services:
            yield f"  - {service_name(team * TEAM + 8)} -> db-{team * TEAM}.sql: open"


def main() -> None:
    """Print a file."""
    arguments = argparse.ArgumentParser(description="print a file with many services")
    arguments.add_argument("services", type=int, help="how many services")
    arguments.add_argument("--hosts", type=int, help="on how many hosts; by default one for every 50 services")
    chosen = arguments.parse_args()
    print(generate(chosen.services, chosen.hosts), end="")


if __name__ == "__main__":
    main()
