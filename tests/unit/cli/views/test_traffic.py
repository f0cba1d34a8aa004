"""Accounts for people and for programs."""

from __future__ import annotations

import click

from warren.accounts import Accounts, Count, Path, Traffic
from warren.cli.views.traffic import document, lines

ACCOUNTS: Accounts = {"game": {Path.TUNNEL: Traffic(Count(12, 1500), Count(3, 200))}, "db": {}}


def test_a_row_for_each_path_that_was_used() -> None:
    assert [click.unstyle(line) for line in lines(ACCOUNTS)] == [
        "SERVICE  PATH    RECEIVED  PACKETS   SENT  PACKETS",
        "game     tunnel    1.5 kB       12  200 B        3",
    ]


def test_silence_is_said() -> None:
    assert lines({"db": {}}) == ["Nothing has been sent or received yet."]


def test_for_programs_every_path_is_there() -> None:
    services = document(ACCOUNTS)["services"]
    assert isinstance(services, dict)
    assert services["game"]["tunnel"]["received"] == {"bytes": 1500, "packets": 12}
    assert services["db"]["public"]["sent"] == {"bytes": 0, "packets": 0}
