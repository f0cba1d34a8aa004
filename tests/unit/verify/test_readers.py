"""readers: who can read what, told once."""

from __future__ import annotations

from tests.memory import applied, fresh
from tests.spec_texts import resolved
from warren import pipeline
from warren.desired.lower import lower
from warren.desired.model import HostState
from warren.topology.model import Topology
from warren.verify.readers import readers

FILE = """\
version: 1
network: {name: n, dns: false}
hosts: {vps: {public: 203.0.113.10}, home: {egress: vps}, flat: {egress: vps}}
services:
  a: {host: vps, ports: {web: 80}, expose: {https: a.example}}
  b: {host: home, ports: {web: 80, api: 81}, expose: [{https: b.example, to: web%s}]}
  c: {host: flat, ports: {web: 80}, expose: {https: c.example, tls: home}}
"""
HOME = ", tls: home"


def said(before: Topology | None, after: Topology) -> tuple[str, ...]:
    """The sentences of a change."""
    held = lower(before) if before else dict.fromkeys(after.hosts, HostState())
    return readers(held, lower(after), after)


def test_each_new_name_says_who_can_read_it() -> None:
    assert said(None, resolved(FILE % HOME)) == (
        "https://a.example: read on vps",
        "https://b.example: read on home only; vps passes it on",
        "https://c.example: read on flat only; vps passes it on",
    )


def test_only_what_changes_is_told() -> None:
    before, after = resolved(FILE % ""), resolved(FILE % HOME)
    assert said(before, before) == ()
    assert said(before, after) == ("https://b.example: read on home only; vps passes it on",)
    assert said(after, before) == ("https://b.example: read on vps",)


def test_what_goes_back_to_what_the_file_has_no_more_is_told_too() -> None:
    before = resolved(FILE % HOME)
    nothing = resolved(
        "version: 1\nnetwork: {name: n, dns: false}\nhosts: {home: {}, vps: {}, flat: {}}\nservices: {}\n"
    )
    assert "https://c.example: read on flat" in readers(lower(nothing), lower(before), nothing)


def test_a_plan_tells_it() -> None:
    before, after = resolved(FILE % ""), resolved(FILE % HOME)
    hosts = applied(before, fresh(before))
    words = pipeline.changes(pipeline.plan(after, hosts))
    assert [each for each in words if each.startswith("https:")] == [
        "https://b.example: read on home only; vps passes it on"
    ]
