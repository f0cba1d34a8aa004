"""Followed packets in lines."""

from __future__ import annotations

import click

from tests.unit.explain.test_followed import TRACE, followed
from warren.cli.views import trace as view


def test_rules_stand_below() -> None:
    lines = [click.unstyle(line) for line in view.lines(followed(TRACE), rules=True)]
    assert len(lines) == 2
    assert lines[1].strip() == (
        "inet warren passing: ct status dnat ip daddr . meta l4proto . th dport @exposed4 accept"
    )


def test_documents_have_stable_names() -> None:
    (found,) = view.document(followed(TRACE))
    assert set(found) == {"host", "direction", "came", "left", "disposition", "hops"}
    assert found["left"] == {
        "iif": "eth0", "oif": "wrn-vps", "source": "198.51.100.7", "target": "10.86.1.4", "sport": 40001,
        "dport": 12346,
    }  # fmt: skip
