"""Bundles: every permission in exactly one, as few as possible."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from warren.pictures.bundles import bundles
from warren.pictures.scene import Permit

NAMES = st.sampled_from("abcdef")
PERMITS = st.lists(st.builds(Permit, NAMES, NAMES, st.sampled_from(["web", "sql"]), st.just("")), unique=True)


def permits(*written: str) -> list[Permit]:
    """`a-b` for each permission."""
    return [Permit(one[0], one[2], "web", "") for one in written]


def test_many_to_one_port_are_one_line() -> None:
    [one] = bundles(permits("a-d", "b-d", "c-d"))
    assert [permit.source for permit in one.permits] == ["a", "b", "c"]
    assert not one.fans_out


def test_one_to_many_ports_are_one_line() -> None:
    first, second = bundles(permits("a-b", "a-c", "a-d", "b-d"))
    assert first.fans_out and [permit.target for permit in first.permits] == ["b", "c", "d"]
    assert not second.fans_out and second.permits == tuple(permits("b-d"))


def test_a_single_permission_points_at_its_target() -> None:
    assert [one.fans_out for one in bundles(permits("a-b"))] == [False]
    assert bundles([]) == ()


@given(PERMITS)
def test_every_permission_is_in_one_bundle(found: list[Permit]) -> None:
    made = bundles(found)
    assert sorted(map(repr, (permit for one in made for permit in one.permits))) == sorted(map(repr, found))
    for one in made:
        ends = {permit.source if one.fans_out else (permit.target, permit.slot) for permit in one.permits}
        assert len(ends) == 1
