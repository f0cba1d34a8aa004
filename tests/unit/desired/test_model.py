"""A state holds each thing once, and ranks keep the door shut until its guard stands."""

from __future__ import annotations

import pytest

from warren.desired.items.file import File
from warren.desired.items.netns import Netns
from warren.desired.items.sysctl import Sysctl
from warren.desired.model import HostState, Rank, differing_fields, of_kind

FILE = File("/etc/warren/a", "a\n")


def test_items_lie_under_their_keys() -> None:
    state = HostState.of([FILE, Netns("db")])
    assert list(state.items) == ["file:/etc/warren/a", "netns:db"]
    assert list(state) == [FILE, Netns("db")]
    assert len(state) == 2
    assert len(HostState()) == 0


def test_the_same_item_twice_is_one() -> None:
    assert len(HostState.of([FILE, File("/etc/warren/a", "a\n")])) == 1


def test_two_different_items_of_one_key_are_refused() -> None:
    with pytest.raises(ValueError, match="two different items are called file:/etc/warren/a"):
        HostState.of([FILE, File("/etc/warren/a", "b\n")])


def test_items_of_one_kind() -> None:
    state = HostState.of([FILE, Netns("db"), Sysctl("a.b", "1"), Netns("web")])
    assert list(of_kind(state, Netns)) == [Netns("db"), Netns("web")]


def test_rules_stand_before_anything_can_send_a_packet() -> None:
    assert all(
        Rank.RULES < rank for rank in Rank if rank not in (Rank.USER, Rank.IMAGE, Rank.FILE, Rank.LOGIN, Rank.RULES)
    )


def test_a_refusal_stands_before_the_way_that_it_catches() -> None:
    assert Rank.IP_RULE < Rank.FALLBACK < Rank.TUNNEL < Rank.ROUTE
    assert Rank.NETNS < Rank.LINK < Rank.INNER_SYSCTL < Rank.INNER_ROUTE < Rank.INNER_DEFAULT


def test_differences_in_words() -> None:
    assert differing_fields(File("/a", "x", 0o600), File("/a", "y", 0o600), ("path", "content", "mode")) == (
        "content y -> x",
    )


def test_sets_are_told_in_one_order() -> None:
    class Holder:
        def __init__(self, *given: str) -> None:
            self.addresses = frozenset(given)

    assert differing_fields(Holder("b", "a"), Holder(), ("addresses",)) == ("addresses {} -> {a, b}",)
