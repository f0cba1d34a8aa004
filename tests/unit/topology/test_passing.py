"""passing: who passes what on, and who decrypts it."""

from __future__ import annotations

from tests.spec_texts import resolved
from warren.topology.model import ServicePermission, Topology
from warren.topology.passing import is_reader, names_by_reader, passer_of, passes, passing_unit

FILE = """\
version: 1
network: {name: test}
hosts: {vps: {public: 203.0.113.10}, home: {egress: vps}, flat: {egress: vps}}
services:
  blog: {host: vps, ports: {web: 80}, expose: {https: www.example.org%s}}
  cloud: {host: home, ports: {web: 80}, expose: {https: [cloud.example.org, x.example.org]%s}}
  photos: {host: flat, ports: {web: 80}, expose: {https: photos.example.org%s}}
"""
HOME = ", tls: home"


def topology(blog: str = "", cloud: str = HOME, photos: str = HOME) -> Topology:
    """The network of the file."""
    return resolved(FILE % (blog, cloud, photos))


def exposed(found: Topology) -> set[tuple[str, str, int, int]]:
    """What of the gateway leads where."""
    return {(e.service, str(e.protocol), e.ports.first, e.target.first) for e in found.exposures}


def test_nobody_passes_on_what_is_decrypted_in_one_place() -> None:
    for one in (topology(cloud="", photos=""), resolved(FILE.replace("photos.e", "photos.e") % ("", "", ""))):
        assert not any(site.passer for site in one.https) and not passes(one, "web0")


def test_one_home_alone_has_all_connections() -> None:
    lines = FILE.replace(", expose: {https: www.example.org%s}", "").replace(
        ", expose: {https: photos.example.org%s}", ""
    )
    alone = resolved(lines % HOME)
    assert exposed(alone) == {("web1-g0", "tcp", 80, 80), ("web1-g0", "tcp", 443, 443), ("web1-g0", "udp", 443, 443)}
    assert passer_of(alone, "web1-g0") is None and "web0" not in alone.services


def test_each_name_has_who_decrypts_it_and_who_passes_it_on() -> None:
    found = topology()
    assert [(one.name, one.entry, one.passer) for one in found.https] == [
        ("www.example.org", "web0", None),
        ("cloud.example.org", "web1-g0", "web0"),
        ("x.example.org", "web1-g0", "web0"),
        ("photos.example.org", "web2-g0", "web0"),
    ]
    assert names_by_reader(found, "web0")["web1-g0"] == ("cloud.example.org", "x.example.org")
    assert passes(found, "web0") and is_reader(found, "web0") and passer_of(found, "web2-g0") == "web0"


def test_the_gateway_is_exposed_where_it_tells_names_apart() -> None:
    assert exposed(topology()) == {("web0", "tcp", 80, 8080), ("web0", "tcp", 443, 8443), ("web0", "udp", 443, 443)}
    [unit, more] = list(topology().services["web0"].workload.units)  # type: ignore[union-attr]
    assert (unit, more) == ("web0", "web0-names")


def test_a_gateway_that_decrypts_nothing_has_no_caddy() -> None:
    found = resolved(FILE.replace(", expose: {https: www.example.org%s}", "") % (HOME, HOME))
    assert exposed(found) == {("web0", "tcp", 80, 8080), ("web0", "tcp", 443, 8443)}
    assert [str(port.name) for port in found.services["web0"].ports] == ["names", "plain"]
    assert list(found.services["web0"].workload.units) == ["web0-names"]  # type: ignore[union-attr]
    visited = {visit.entry: [port.name for port in visit.ports] for visit in found.visits_of("blog")}
    assert visited == {"web1-g0": ["http", "https"], "web2-g0": ["http", "https"]}


def test_only_the_gateways_entry_reaches_the_port_that_believes_it() -> None:
    found = topology()
    believed = {
        (p.source, p.target)
        for p in found.permissions
        if isinstance(p, ServicePermission) and p.target in ("web1-g0", "web2-g0") and 8443 in p.ports
    }
    assert believed == {("web0", "web1-g0"), ("web0", "web2-g0")}
    assert not any(port.protocol == "udp" for port in found.services["web1-g0"].ports), "nobody passes HTTP/3 on"


def test_a_change_is_checked_and_then_read() -> None:
    unit = passing_unit("web0")
    assert unit.command == ("/usr/sbin/haproxy", "-W", "-f", "/etc/warren/web0-names/haproxy.cfg")
    assert unit.raw[-1].endswith("-c -f /etc/warren/web0-names/haproxy.cfg && kill -USR2 $MAINPID'")
