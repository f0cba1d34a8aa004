"""records: what a registrar must be told."""

from __future__ import annotations

from ipaddress import ip_address

from tests.spec_texts import resolved
from warren.topology.records import DnsRecord, differences, records

TOPOLOGY = resolved("""\
version: 1
network: {name: n}
hosts: {vps: {public: [203.0.113.10, "2001:db8:10::10"]}, home: {lan: 192.168.2.0/24}}
services:
  a:
    host: home
    ports: {web: 80, api: 81}
    expose: [{https: a.example, to: web}, {https: a.example, path: /b, to: api}]
""")


def test_every_name_once_at_its_gateway_and_never_at_home() -> None:
    assert records(TOPOLOGY) == (
        DnsRecord("a.example", "A", "203.0.113.10"),
        DnsRecord("a.example", "AAAA", "2001:db8:10::10"),
    )


def test_what_differs() -> None:
    right = (ip_address("203.0.113.10"), ip_address("2001:db8:10::10"))
    assert list(differences(TOPOLOGY, {"a.example": right})) == []
    assert list(differences(TOPOLOGY, {})) == [
        "`a.example` does not lead to 2001:db8:10::10",
        "`a.example` does not lead to 203.0.113.10",
    ]
    assert list(differences(TOPOLOGY, {"a.example": (*right, ip_address("192.168.2.1"))})) == [
        "`a.example` also leads to 192.168.2.1, which is no address of its gateway"
    ]
