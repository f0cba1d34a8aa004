"""real: programs of the network are greeted in their own language."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address

from tests.spec_texts import resolved
from warren.basis.address import Protocol
from warren.verify.flow import Client, Flow
from warren.verify.real import GREETING, PLAIN, QUESTION, opening, told

TOPOLOGY = resolved("version: 1\nnetwork: {name: n}\nhosts: {home: {}}\nservices: {a: {host: home}}\n")
ASK = Flow("a", "dns0-out", ip_address("10.86.0.3"), 53, Protocol.UDP, True, "inside", "dns0-out", 53)


def test_what_reaches_a_program_is_marked_and_tells_no_client() -> None:
    [one] = told(TOPOLOGY, [replace(ASK, client=Client.KEPT)])
    assert one == replace(ASK, real=True)
    other = replace(ASK, target="a", answer="a")
    assert told(TOPOLOGY, [other]) == (other,)


def test_a_host_asks_only_what_is_answered() -> None:
    own = replace(ASK, source="home")
    assert told(TOPOLOGY, [own]) == ()
    assert told(TOPOLOGY, [replace(own, protocol=Protocol.TCP)]) == (replace(own, protocol=Protocol.TCP, real=True),)
    closed = replace(own, open=False)
    assert told(TOPOLOGY, [closed]) == (replace(closed, real=True),)


def test_nobody_but_the_gateway_is_heard_where_a_client_is_told_of() -> None:
    shared = resolved(
        """\
version: 1
network: {name: n}
hosts: {vps: {public: 203.0.113.10}, home: {egress: vps}}
services:
  a: {host: vps, ports: {web: 80}, expose: {https: a.example}}
  b: {host: home, ports: {web: 80}, expose: {https: b.example, tls: home}}
"""
    )
    passed = replace(ASK, source="home", target="web1-g0", answer="web1-g0", protocol=Protocol.TCP, reached=8443)
    assert told(shared, [passed]) == ()
    assert told(shared, [replace(passed, source="web0")]) == (replace(passed, source="web0", real=True),)
    assert told(shared, [replace(passed, reached=443)]) == (replace(passed, reached=443, real=True),)


def test_first_bytes() -> None:
    assert opening(ASK) == QUESTION
    assert opening(replace(ASK, reached=443)) == GREETING and len(GREETING) == 1200
    assert opening(replace(ASK, protocol=Protocol.TCP)) == PLAIN


def test_real_programs_of_hosts_are_marked_as_the_ground_knows_them() -> None:
    ssh = replace(ASK, target="home", answer="home", protocol=Protocol.TCP, reached=22)
    assert told(TOPOLOGY, [ssh]) == (ssh,)
    assert told(TOPOLOGY, [ssh], frozenset({("home", 22)})) == (replace(ssh, real=True, client=None),)
