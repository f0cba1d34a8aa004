"""expecting: what the words of expect stand for."""

from __future__ import annotations

import pytest

from tests.spec_texts import BASE
from warren.spec.expectation import read
from warren.spec.expecting import Sides, sides, sources, targets
from warren.spec.load import Document, load
from warren.spec.reference import Directory, Problem

TEXT = BASE.replace("services:", "  barn: {lan: {cows: 192.168.7.0/24, hens: 192.168.8.0/24}}\n  shed: {}\nservices:")
DIRECTORY = Directory(load(Document("warren.yaml", TEXT + "groups: {all: [blog, db]}\n")))


@pytest.mark.parametrize(
    ("word", "places"),
    [
        ("internet", "internet"),
        ("internet2", "internet2"),
        ("lan:home", "lan:home"),
        ("lan:home/lan", "lan:home"),
        ("lan:barn", "lan:barn"),
        ("lan:barn/cows", "lan:barn"),
        ("lan:barn/hens", "lan:barn/hens"),
        ("lan:shed", "lan:shed"),
        ("home", "home"),
        ("db", "db"),
        ("all", "blog db"),
        ("*", "blog db"),
        ("anyone", "internet lan:home lan:barn lan:barn/hens lan:shed vps home barn shed blog db"),
    ],
)
def test_sources(word: str, places: str) -> None:
    assert sources(DIRECTORY, word) == tuple(places.split())


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("nobody", "unknown-name"),
        ("lan:nobody", "unknown-host"),
        ("lan:vps", "no-lan"),
        ("lan:barn/pigs", "unknown-lan"),
        ("lan:shed/x", "no-lan"),
    ],
)
def test_what_is_no_source(word: str, code: str) -> None:
    found = sources(DIRECTORY, word)
    assert isinstance(found, Problem) and found.code == code


@pytest.mark.parametrize(
    ("word", "goals"),
    [
        ("db", "db:5432/tcp"),
        ("db.sql", "db:5432/tcp"),
        ("all", "blog:80/tcp db:5432/tcp"),
        ("*.web", "blog:80/tcp"),
        ("home.mysql", "home:3306/tcp"),
        ("home:22/tcp", "home:22/tcp"),
        ("all:53/udp", "blog:53/udp db:53/udp"),
        ("*:1-9", "blog:1-9/tcp db:1-9/tcp"),
    ],
)
def test_targets(word: str, goals: str) -> None:
    found = targets(DIRECTORY, word)
    assert not isinstance(found, Problem)
    assert " ".join(f"{goal.place}:{goal.port}" for goal in found) == goals


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("home", "host-alone"),
        ("home.lan", "bad-target"),
        ("198.51.100.0/24", "bad-target"),
        ("db.sqk", "unknown-port"),
        ("nobody:22", "unknown-name"),
        ("db:port", "bad-port"),
        ("nobody", "unknown-name"),
    ],
)
def test_what_is_no_target(word: str, code: str) -> None:
    found = targets(DIRECTORY, word)
    assert isinstance(found, Problem) and found.code == code


def test_sides_without_what_they_leave_out() -> None:
    found = sides(DIRECTORY, read({"anyone but all, internet -> * but blog": "closed"}))
    assert isinstance(found, Sides) and found.anyone
    assert found.sources == ("lan:home", "lan:barn", "lan:barn/hens", "lan:shed", "vps", "home", "barn", "shed")
    assert {goal.place for goal in found.goals} == {"db"}


def test_every_problem_of_a_line() -> None:
    found = sides(DIRECTORY, read({"blgo but dc -> db": "closed"}))
    assert isinstance(found, tuple) and [each.code for each in found] == ["unknown-name", "unknown-name"]
    (nothing,) = sides(DIRECTORY, read({"db but all -> blog": "closed"}))  # type: ignore[misc]
    assert nothing.sentence == "nothing is left of `db but all -> blog`"
