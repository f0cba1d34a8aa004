"""names: resolvers, who may ask them, and what they tell."""

from __future__ import annotations

from ipaddress import ip_address

from tests.spec_texts import resolved
from warren.topology.model import Dns, Egress, EgressKind, PrefixPermission, Role, ServicePermission, Topology, Upstream
from warren.topology.passes.names import asks_the_root, upstream_of

FILE = """\
version: 1
network: {name: test, domain: example.org, dns: {upstream: [192.168.2.1, "tls://192.0.2.53#dns.example"]}}
hosts: {vps: {public: 203.0.113.10}, home: {egress: vps, lan: 192.168.2.0/24, programs: {mysql: 3306}}}
services:
  cloud: {host: home, needs: [db.sql, home.mysql]}
  db: {host: home, ports: {sql: 5432}, egress: none}
  tv: {host: home, egress: direct}
"""


def topology() -> Topology:
    """The network of the file."""
    return resolved(FILE)


def test_each_service_asks_the_resolver_of_its_way() -> None:
    services = topology().services
    assert {name: one.resolver for name, one in services.items()} == {
        "cloud": "dns1-g0", "db": "dns1", "tv": "dns1-out", "dns1-g0": None, "dns1": None, "dns1-out": None,
    }  # fmt: skip
    assert services["dns1-g0"].role is Role.RESOLVER
    assert services["dns1-g0"].egress == services["cloud"].egress


def test_only_its_services_may_ask_a_resolver() -> None:
    asking = [one for one in topology().permissions if isinstance(one, ServicePermission) and one.need == "names"]
    assert {(one.source, one.target, str(one.protocol)) for one in asking} == {
        (source, target, protocol)
        for source, target in (("cloud", "dns1-g0"), ("db", "dns1"), ("tv", "dns1-out"))
        for protocol in ("tcp", "udp")
    }


def test_a_server_on_the_lan_is_needed_by_what_leaves_directly() -> None:
    reached = [one for one in topology().permissions if isinstance(one, PrefixPermission)]
    assert {(one.source, str(one.prefixes[0]), str(one.ports)) for one in reached} == {
        ("dns1-out", "192.168.2.1/32", "53")
    }


def test_a_service_knows_what_it_may_reach_and_no_more() -> None:
    known = topology().names
    assert [one.name for one in known["cloud"]] == [
        "cloud.test.internal", "cloud.home.test.internal", "db.test.internal", "db.home.test.internal",
        "home.test.internal", "cloud.local.example.org",
    ]  # fmt: skip
    assert [one.name for one in known["db"]] == ["db.test.internal", "db.home.test.internal", "db.local.example.org"]
    assert "dns1" not in known


def test_servers_by_the_way_that_is_left() -> None:
    near, far = Upstream(ip_address("192.168.2.1"), 53), Upstream(ip_address("192.0.2.53"), 853, "dns.example")
    host, dns = topology().hosts["home"], Dns((near, far))
    assert topology().dns == dns
    assert upstream_of(dns, host, Egress(EgressKind.NONE)) == ()
    assert upstream_of(dns, host, Egress(EgressKind.LAN)) == (near,)
    assert upstream_of(dns, host, Egress(EgressKind.DIRECT)) == (near, far)
    assert upstream_of(dns, host, Egress(EgressKind.GATEWAY, "vps")) == (far,)


def test_nobody_named_is_the_root_for_those_who_can_get_there() -> None:
    ways = (EgressKind.DIRECT, EgressKind.GATEWAY, EgressKind.LAN, EgressKind.NONE)
    assert [asks_the_root(Dns(), Egress(way)) for way in ways] == [True, True, False, False]
    assert not asks_the_root(Dns((Upstream(ip_address("192.0.2.53"), 53),)), Egress(EgressKind.DIRECT))
