"""Questions that are answered in steps."""

from __future__ import annotations

import pytest

from tests.networks import example
from tests.spec_texts import resolved
from tests.unit.explain.asking import NAME
from warren.explain.legs import legs
from warren.explain.question import question

TOPOLOGY = example(NAME)


def steps(source: str, target: str) -> list[tuple[str, str, int | None]]:
    found = legs(TOPOLOGY, question(TOPOLOGY, source, target))
    return [(each.source.name, each.target.name, each.port) for each in found.questions]


def test_an_exposure_on_the_lan_is_for_neighbours() -> None:
    assert len(steps("internet", "cloud.web")) == 2
    assert steps("lan:home", "cloud.web") == [("lan:home", "cloud", 80)]


@pytest.mark.parametrize("target", ["blog.web", "www.example.org", "https://www.example.org/"])
def test_a_name_is_answered_by_an_entry(target: str) -> None:
    first, second = steps("internet", target)
    entry = next(site.entry for site in TOPOLOGY.https if site.service == "blog")
    assert (first, second) == (("internet", entry, 443), (entry, "blog", 80))
    (note,) = legs(TOPOLOGY, question(TOPOLOGY, "internet", target)).notes
    assert note == f"https://www.example.org is answered by {entry} on vps, which asks blog.web"


@pytest.mark.parametrize(
    ("source", "target"), [("internet", "blog.gemini"), ("cloud", "db"), ("game", "blog.web"), ("internet", "db")]
)
def test_everything_else_goes_straight(source: str, target: str) -> None:
    assert len(steps(source, target)) == 1


def test_what_is_passed_on_is_asked_in_three_steps() -> None:
    shared = resolved("""\
version: 1
network: {name: n, dns: false}
hosts: {vps: {public: 203.0.113.10}, home: {egress: vps}}
services:
  a: {host: vps, ports: {web: 80}, expose: {https: a.example}}
  b: {host: home, ports: {web: 81}, expose: {https: b.example, tls: home}}
""")
    found = legs(shared, question(shared, "internet", "b.example"))
    assert [(each.source.name, each.target.name, each.port) for each in found.questions] == [
        ("internet", "web0", 8443),
        ("web0", "web1-g0", 8443),
        ("web1-g0", "b", 81),
    ]
    assert found.notes[0] == "web0 on vps reads the name alone, and passes the connection on"
    own = legs(shared, question(shared, "internet", "a.example"))
    assert [(each.target.name, each.port) for each in own.questions] == [("web0", 8443), ("a", 80)]
