"""internet: names and certificates as the real one has them."""

from __future__ import annotations

from tests.spec_texts import resolved
from warren.lab.internet import ACME, FORGED, HOSTILE, ORDINARY, PROVED, ROOT, records, trust

FILE = """\
version: 1
network: {name: test, https: {dns: cloudflare}}
hosts: {vps: {public: [203.0.113.10, "2001:db8:10::10"]}}
services:
  a: {host: vps, ports: {web: 80}, expose: {https: [www.example.org, "*.example.net"]}}
"""


def test_the_registrars_were_told_the_public_addresses_and_no_others() -> None:
    found = [str(each) for each in records(resolved(FILE)) if each.name.startswith(("www.", "any."))]
    assert found == [
        "www.example.org. 60 IN A 203.0.113.10",
        "www.example.org. 60 IN AAAA 2001:db8:10::10",
        "any.example.net. 60 IN A 203.0.113.10",
        "any.example.net. 60 IN AAAA 2001:db8:10::10",
    ]


def test_there_are_an_authority_an_ordinary_domain_and_a_hostile_one() -> None:
    names = {each.name for each in records(resolved(FILE))}
    assert {ACME, ORDINARY, HOSTILE, PROVED, FORGED} <= names


def test_the_root_is_where_it_is() -> None:
    assert len(ROOT) == 28 and str(ROOT[0]) == "198.41.0.4"


def test_the_domain_of_the_file_is_signed() -> None:
    assert trust(resolved(FILE.replace("name: test,", "name: test, domain: example.org,")))["example.org"] == "proved"
    assert "org" not in trust(resolved(FILE.replace("name: test,", "name: test, domain: org,")))
