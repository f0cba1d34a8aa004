"""permit: needs become permissions, and nothing else does."""

from __future__ import annotations

import pytest

from tests.spec_texts import BASE, resolved
from warren.basis.diagnostic import Refused
from warren.spec.load import Document, load
from warren.topology.ledger import Ledger
from warren.topology.model import PrefixPermission, ProgramPermission, ServicePermission, Topology
from warren.topology.resolve import resolve


def needing(need: str, host: str = "home", more: str = "") -> Topology:
    """A network where service `x` needs something."""
    return resolved(BASE + f"  x: {{host: {host}, ports: {{dns: 53/tcp+udp}}, needs: {need}{more}}}\n")


def shown(topology: Topology) -> list[str]:
    """Every permission in a word."""
    return [_shown(one) for one in topology.permissions]


def _shown(one: object) -> str:
    match one:
        case ServicePermission():
            return f"{one.source} {one.target}:{one.ports}/{one.protocol}"
        case ProgramPermission():
            return f"{one.source} {one.host}!{one.ports}/{one.protocol}"
        case PrefixPermission():
            ports = f":{one.ports}/{one.protocol}" if one.protocol else ""
            return f"{one.source} {' '.join(map(str, one.prefixes))}{ports} by {one.way}"
    raise TypeError(one)


@pytest.mark.parametrize(
    ("need", "permissions"),
    [
        ("db.sql", ["x db:5432/tcp"]),
        ("[db, db.sql]", ["x db:5432/tcp"]),
        ("'*'", ["x blog:80/tcp", "x db:5432/tcp"]),
        ("'*.web'", ["x blog:80/tcp"]),
        ("home.mysql", ["x home!3306/tcp"]),
        ("home.lan", ["x 192.168.2.0/24 by lan"]),
        ("home.lan.lan", ["x 192.168.2.0/24 by lan"]),
        ("192.168.2.7", ["x 192.168.2.7/32 by lan"]),
        ("198.51.100.0/24", ["x 198.51.100.0/24 by direct"]),
        ("192.168.2.0/23", ["x 192.168.2.0/24 by lan", "x 192.168.3.0/24 by direct"]),
        ("{to: 198.51.100.0/30, except: 198.51.100.0}", ["x 198.51.100.1/32 198.51.100.2/31 by direct"]),
        (
            "{to: 198.51.100.0/24, ports: [443, 53/tcp+udp]}",
            [f"x 198.51.100.0/24:{port} by direct" for port in ("443/tcp", "53/tcp", "53/udp")],
        ),
        ("10.86.0.0/15", ["x 10.87.0.0/16 by direct"]),
        ("169.254.169.254/31", ["x 169.254.169.255/32 by direct"]),
        ("[]", []),
    ],
)
def test_what_a_need_permits(need: str, permissions: list[str]) -> None:
    assert shown(needing(need)) == permissions


def test_a_port_with_both_protocols_is_two_permissions() -> None:
    topology = resolved(BASE + "  x: {host: home, ports: {dns: 53/tcp+udp}}\n  y: {host: vps, needs: x.dns}\n")
    assert shown(topology) == ["y x:53/tcp", "y x:53/udp"]


def test_a_group_is_its_members_without_the_one_that_needs() -> None:
    text = BASE + "  x: {host: home, ports: {web: 81}, needs: webs.web}\ngroups: {webs: [blog, db, x]}\n"
    assert shown(resolved(text)) == ["x blog:80/tcp"]


@pytest.mark.parametrize(
    ("service", "host", "way"),
    [
        ("none", "vps", "vps"),
        ("none", "none", "direct"),
        ("vps", "direct", "vps"),
        ("direct", "vps", "direct"),
        ("lan", "direct", "direct"),
    ],
)
def test_a_prefix_goes_as_the_service_leaves_else_as_the_host(service: str, host: str, way: str) -> None:
    text = BASE.replace("lan: 192", f"egress: {host}, lan: 192")
    topology = resolved(text + f"  x: {{host: home, egress: {service}, needs: 198.51.100.0/24}}\n")
    assert shown(topology) == [f"x 198.51.100.0/24 by {way}"]


def test_the_need_and_its_place_are_kept() -> None:
    [one] = needing("[{to: [db.sql]}]").permissions
    assert one.need == "db.sql"
    assert str(one.place) == "warren.yaml:9:59"


def test_localhost_answers_for_a_service_and_for_a_program() -> None:
    topology = needing(
        "[{to: db.sql, localhost: 15432}, {to: home.mysql, localhost: 3306}, {to: blog, localhost: 8080}]"
    )
    sql, mysql, web = topology.services["x"].localhost
    assert (sql.listen, sql.port, sql.target, sql.program_host) == (
        15432,
        5432,
        topology.services["db"].addresses,
        None,
    )
    assert (mysql.listen, mysql.port, mysql.target) == (3306, 3306, topology.hosts["home"].addresses)
    assert (mysql.program_host, mysql.need) == ("home", "home.mysql")
    assert (web.listen, web.port, web.need) == (8080, 80, "blog")


def test_localhost_takes_the_tcp_half_of_a_port() -> None:
    text = BASE + "  x: {host: home, ports: {dns: 53/udp+tcp}}\n  y: {host: home, needs: {to: x.dns, localhost: 53}}\n"
    assert [one.port for one in resolved(text).services["y"].localhost] == [53]


def test_a_default_need_is_nothing_for_the_service_that_it_names() -> None:
    topology = resolved(BASE + "defaults: {service: {needs: {to: db.sql, localhost: 5432}}}\n")
    assert shown(topology) == ["blog db:5432/tcp"]
    assert [len(service.localhost) for service in topology.services.values()] == [1, 0]


@pytest.mark.parametrize(
    ("need", "code"),
    [
        ("db.sqk", "unknown-port"),
        ("vps.lan", "no-lan"),
        ("10.86.1.0/24", "empty-need"),
        ("{to: db.sql, localhost: 53}", ""),
    ],
)
def test_an_unchecked_file_is_refused_with_a_sentence(need: str, code: str) -> None:
    spec = load(Document("warren.yaml", BASE + f"  x: {{host: home, needs: {need}}}\n"))
    if not code:
        resolve(spec, Ledger())
        return
    with pytest.raises(Refused) as refused:
        resolve(spec, Ledger())
    assert [one.code for one in refused.value.diagnostics] == [code]


def test_two_hosts_that_no_interface_joins_are_told_whom_to_dial() -> None:
    hosts = "  one: {public: 203.0.113.10}\n  two: {public: 203.0.113.20}\n  home: {gateways: [two]}\n"
    services = "  db: {host: one, ports: {sql: 5432}}\n  app: {host: home, needs: [db.sql]}\n"
    with pytest.raises(Refused) as refused:
        resolved(f"version: 1\nnetwork: {{name: n}}\nhosts:\n{hosts}services:\n{services}")
    (one,) = refused.value.diagnostics
    assert (one.code, one.hint) == ("no-way", "name `one` among the `gateways` of `home`")
