"""Questions that are answered in steps."""

from __future__ import annotations

import pytest

from tests.networks import example
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
