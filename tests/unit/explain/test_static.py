"""What the file alone says of every kind of question."""

from __future__ import annotations

import pytest

from tests.networks import example
from tests.unit.explain.asking import NAME, asked, explained
from warren.explain.ground import surroundings
from warren.explain.static import Declared

CASES = (
    ("cloud", "db", "open"),
    ("cloud", "home.mysql", "open"),
    ("internet", "game.play", "open"),
    ("internet", "cloud.calls", "open"),
    ("lan:home", "cloud.web", "open"),
    ("cloud", "internet", "open"),
    ("vps", "internet", "open"),
    ("cloud", "203.0.113.10:12346", "open"),
    ("game", "db", "need-missing"),
    ("vps", "db", "need-missing"),
    ("blog", "cloud:999", "port-undeclared"),
    ("db", "internet", "egress-none"),
    ("internet", "db.sql", "exposure-missing"),
    ("lan:home", "db", "exposure-missing"),
    ("internet", "vps:3306", "guarded"),
)


@pytest.mark.parametrize(("source", "target", "code"), CASES)
def test_verdicts(source: str, target: str, code: str) -> None:
    found = explained(source, target)
    assert {each.verdict.code for each in found.asked} == {code}
    assert all(each.outcome is None for each in found.asked)


def test_every_way_ends_with_a_disposition() -> None:
    for source, target, _ in CASES:
        for each in explained(source, target).asked:
            for direction in {hop.direction for hop in each.hops}:
                way = [hop for hop in each.hops if hop.direction == direction]
                assert [hop.disposition is not None for hop in way] == [False] * (len(way) - 1) + [True]


def test_the_places_on_the_way() -> None:
    topology = example(NAME)
    declared = Declared.of(topology, surroundings(topology))
    assert declared.of_flow(asked("internet", "game.query")[0]).nodes == ("vps", "home", "game")
    assert declared.of_flow(asked("cloud", "db")[0]).nodes == ("cloud", "home", "db")
