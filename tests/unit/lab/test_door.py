"""A lab is an abstract name: taken once, found by whoever has the same user."""

from __future__ import annotations

import os

import pytest

from warren.basis.diagnostic import Refused
from warren.lab import door

NAME = f"door-{os.getpid()}"


def test_a_name_is_taken_once_and_given_back() -> None:
    with door.bind(NAME):
        with pytest.raises(Refused, match=f"lab `{NAME}` runs already") as refused:
            door.bind(NAME)
        hint = str(refused.value.diagnostics[0].hint)
        assert f"`warren lab apply --name {NAME}`" in hint and f"`warren lab down --name {NAME}`" in hint
        assert NAME in door.names()
    assert NAME not in door.names()
    door.bind(NAME).close()


def test_whoever_listens_is_the_keeper() -> None:
    with door.bind(NAME) as taken:
        assert door.keeper_of(NAME) is None
        taken.listen()
        assert door.keeper_of(NAME) == os.getpid()


def test_what_cannot_be_a_name_is_refused() -> None:
    for name in ("", "a/b", "-a", "a" * 61, "a b"):
        with pytest.raises(Refused, match="cannot be a lab's name"):
            door.bind(name)


def test_asking_where_nothing_runs_is_refused() -> None:
    with pytest.raises(Refused, match="no lab `nothing-here` runs"):
        door.ask("nothing-here", {"do": "places"})
