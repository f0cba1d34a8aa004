"""A topology for people and for programs."""

from __future__ import annotations

from tests.topologies import two_hosts
from warren.cli.views.topology import numbers, summary


def test_one_line() -> None:
    assert summary(two_hosts()) == "2 hosts, 4 services, 3 permissions, 3 exposures"


def test_numbers() -> None:
    assert numbers(two_hosts())["exposures"] == 3
