"""caa: who may make certificates."""

from __future__ import annotations

import pytest

from tests.spec_texts import resolved
from warren.topology.caa import Caa, advice, authorities, forbidden
from warren.topology.model import Topology

ISSUE, WILD = "issue", "issuewild"


def topology(name: str = "a.example", https: str = "{}") -> Topology:
    """A file with one name."""
    return resolved(f"""\
version: 1
network: {{name: n, https: {https}}}
hosts: {{vps: {{public: 203.0.113.10}}}}
services: {{a: {{host: vps, ports: {{web: 80}}, expose: {{https: "{name}"}}}}}}
""")


def said(one: Topology, *records: Caa) -> list[str]:
    """What is wrong with these records."""
    return list(forbidden(one, {web.name: records for web in one.https}, authorities(one)))


def test_what_a_record_must_say() -> None:
    assert (advice(topology()) or "").endswith('they must allow `0 issue "letsencrypt.org"`')
    star = topology("*.a.example", '{dns: "x y"}')
    assert (advice(star) or "").endswith('`0 issuewild "letsencrypt.org"`')
    other = topology(https='{ca: "https://ca.example/dir"}')
    assert "https://ca.example/dir" in (advice(other) or "") and authorities(other) == ()
    staging = topology(https='{ca: "https://acme-staging-v02.api.letsencrypt.org/directory"}')
    assert authorities(staging) == ("letsencrypt.org",)


def test_a_file_without_names_needs_none() -> None:
    assert advice(resolved("version: 1\nnetwork: {name: n}\nhosts: {vps: {public: 203.0.113.10}}\n")) is None


@pytest.mark.parametrize(
    "records",
    [
        (),
        (Caa(0, ISSUE, "letsencrypt.org"),),
        (Caa(0, ISSUE, "other.example"), Caa(0, "Issue", " LetsEncrypt.org ; accounturi=https://x.example/1")),
        (Caa(0, ISSUE, "letsencrypt.org;validationmethods=http-01"),),
        (Caa(0, "iodef", "mailto:me@example.org"),),
        (Caa(0, WILD, ";"),),
        (Caa(128, "iodef", "mailto:me@example.org"),),
        (Caa(0, "unknown", "x"),),
    ],
)
def test_what_is_allowed(records: tuple[Caa, ...]) -> None:
    assert said(topology(), *records) == []


@pytest.mark.parametrize(
    ("records", "why"),
    [
        ((Caa(0, ISSUE, ";"),), 'allow others only (`0 issue ";"`)'),
        ((Caa(0, ISSUE, "other.example"),), 'allow others only (`0 issue "other.example"`)'),
        ((Caa(0, ISSUE, "letsencrypt.org; validationmethods=dns-01"),), "other proofs only than http-01 and tls-alpn"),
        ((Caa(0, ISSUE, "letsencrypt.org"), Caa(128, "strange", "x")), "may pass over its CAA record `strange`"),
    ],
)
def test_what_is_forbidden(records: tuple[Caa, ...], why: str) -> None:
    [sentence] = said(topology(), *records)
    assert sentence.startswith("`a.example` will get no certificate of letsencrypt.org: ") and why in sentence


def test_names_with_a_star_have_a_record_of_their_own() -> None:
    star = topology("*.a.example", '{dns: "x y"}')
    assert said(star, Caa(0, ISSUE, "letsencrypt.org; validationmethods=dns-01")) == []
    assert said(star, Caa(0, ISSUE, "other.example"), Caa(0, WILD, "letsencrypt.org")) == []
    assert said(star, Caa(0, ISSUE, "letsencrypt.org"), Caa(0, WILD, "other.example"))


def test_what_nobody_could_say() -> None:
    [sentence] = forbidden(topology(), {"a.example": None}, ("letsencrypt.org",))
    assert sentence.startswith("nobody could say whether `a.example` has CAA records")


def test_an_authority_without_a_name_is_not_judged() -> None:
    assert list(forbidden(topology(), {"a.example": (Caa(0, ISSUE, "other.example"),)}, ())) == []
