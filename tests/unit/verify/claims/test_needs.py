from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network

from tests.spec_texts import resolved
from tests.topologies import DIRECT, two_hosts
from warren.basis.ports import Ports, Protocol
from warren.prove.claim import Claim
from warren.topology.model import PrefixPermission, Topology
from warren.verify.beyond import outside_of
from warren.verify.claims.around import Around
from warren.verify.claims.needs import claims

VISITED = """\
version: 1
network: {name: visited}
hosts: {vps: {public: 203.0.113.10}}
services:
  a: {host: vps, ports: {web: 80}, expose: {https: a.example.org}}
  b: {host: vps}
  c: {host: vps, egress: none}
"""


def found(topology: Topology) -> list[Claim]:
    return list(claims(Around.of(topology, outside_of(topology))))


def needing(text: str, *names: str) -> Topology:
    needs = tuple(
        PrefixPermission(name, (IPv4Network(text),), Protocol.TCP, Ports(443, 443), DIRECT, text) for name in names
    )
    return replace(two_hosts(), permissions=needs, exposures=())


def test_a_need_is_a_claim_in_each_family() -> None:
    given = found(two_hosts())
    assert Claim(("cloud",), "10.86.1.3", "tcp", (5432, 5432)) in given
    assert Claim(("cloud",), "fd86:86:86:1::3", "tcp", (5432, 5432)) in given
    assert Claim(("cloud",), "10.86.1.1", "tcp", (3306, 3306)) in given


def test_who_needs_the_same_outside_is_one_claim() -> None:
    given = [claim for claim in found(needing("192.0.2.0/24", "db")) if claim.open]
    assert given == [Claim(("db",), "192.0.2.0/24", "tcp", (443, 443), hidden=True, exit="home")]
    both = {claim.places for claim in found(needing("192.0.2.0/24", "cloud", "game"))}
    assert both == {("cloud", "game")}


def test_with_two_ways_out_neither_is_judged() -> None:
    given = [claim for claim in found(needing("192.0.2.0/24", "cloud")) if claim.open is None]
    assert {claim.exit for claim in given} == {"home", "vps"}


def test_a_visit_is_one_claim_of_all_who_leave_a_host() -> None:
    given = found(resolved(VISITED))
    assert {claim.places for claim in given if claim.protocol == "udp" and claim.ports == (443, 443)} == {("a", "b")}
