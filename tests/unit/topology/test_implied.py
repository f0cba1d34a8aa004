"""implied: the services that nobody declared."""

from __future__ import annotations

from tests.spec_texts import loaded
from warren.topology.implied import Implied, egress_of, implied
from warren.topology.ledger import HostEntry
from warren.topology.model import Egress, EgressKind, Role

HOSTS = {"vps": HostEntry(0, (0,), 51820), "home": HostEntry(1, (1,), 51820)}
FILE = """\
version: 1
network: {name: test, dns: %s}
hosts: {vps: {public: 203.0.113.10}, home: {egress: vps, lan: 192.168.2.0/24}}
services:
  a: {host: home}
  b: {host: home, egress: none}
  c: {host: home, egress: lan}
  d: {host: home, egress: direct}
  e: {host: vps}
  f: {host: home}
"""


def test_one_resolver_for_every_way_out_of_a_host() -> None:
    found = implied(loaded(FILE % "true"), HOSTS)
    assert [one.name for one in found] == ["dns1-g0", "dns1", "dns1-lan", "dns1-out", "dns0-out"]
    assert found[0] == Implied("dns1-g0", "home", Role.RESOLVER, Egress(EgressKind.GATEWAY, "vps"))


def test_none_where_the_file_wants_none() -> None:
    assert implied(loaded(FILE % "false"), HOSTS) == ()


def test_a_gateways_own_services_leave_it_directly() -> None:
    assert egress_of("vps", "vps") == Egress(EgressKind.DIRECT)
    assert egress_of("vps", "home") == Egress(EgressKind.GATEWAY, "vps")
    assert egress_of("lan", "home") == Egress(EgressKind.LAN)
