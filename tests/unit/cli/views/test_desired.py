"""A host's desired state as commands."""

from __future__ import annotations

from tests.topologies import two_hosts
from warren.cli.views.desired import document, ordered, text
from warren.desired.lower import lower
from warren.desired.model import HostState

STATE = lower(two_hosts())["vps"]


def test_in_the_order_in_which_things_are_made() -> None:
    ranks = [item.rank for item in ordered(STATE)]
    assert ranks == sorted(ranks)
    script = text(STATE)
    assert script.startswith("set -eu\n")
    assert script.index("nft -f -") < script.index("netns add blog")


def test_the_order_of_the_file_does_not_matter() -> None:
    assert text(HostState.of(reversed(list(STATE)))) == text(STATE)


def test_for_programs() -> None:
    items = document(STATE)["items"]
    assert {"kind": "namespace", "key": "netns:blog", "words": "own network namespace"} in items  # type: ignore[operator]
