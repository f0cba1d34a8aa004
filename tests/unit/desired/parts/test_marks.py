"""Marks stay in the highest byte and never meet; neither do tables."""

from __future__ import annotations

import pytest

from tests.topologies import host
from warren.desired.parts import marks

FIXED = (marks.INTERNAL, marks.DIRECT, marks.HIDDEN)
GATEWAYS = [host("vps", number, "203.0.113.10") for number in range(marks.MOST_GATEWAY_NUMBER + 1)]


def test_marks_stay_in_the_highest_byte() -> None:
    assert marks.MASK == 0xFF000000
    assert marks.MASK ^ marks.KEEP == 0xFFFFFFFF
    assert all(mark & ~marks.MASK == 0 for mark in (*FIXED, *map(marks.gateway_mark, GATEWAYS)))


def test_the_bits_of_others_are_kept() -> None:
    for others in (0x00FF0000, 0x0000C000):  # Tailscale, kube-proxy
        assert marks.MASK & others == 0


def test_no_two_ways_have_one_mark_and_none_has_no_mark() -> None:
    every = [*FIXED, *map(marks.gateway_mark, GATEWAYS)]
    assert len({0, *every}) == len(every) + 1


def test_only_marks_of_tunnels_have_the_bits_of_tunnels() -> None:
    assert all(marks.gateway_mark(each) & marks.GATEWAY_BITS for each in GATEWAYS)
    assert not any(mark & marks.GATEWAY_BITS for mark in FIXED)


def test_no_two_tunnels_have_one_table_and_none_has_the_network_s() -> None:
    tables = {marks.gateway_table(each) for each in GATEWAYS}
    assert len(tables) == len(GATEWAYS)
    assert marks.NETWORK_TABLE not in tables
    assert tables.isdisjoint({0, 253, 254, 255})


def test_a_number_is_what_the_ledger_says_not_where_the_file_has_it() -> None:
    assert marks.gateway_mark(GATEWAYS[0]) == 0x10000000
    assert marks.gateway_table(GATEWAYS[0]) == 8601
    assert marks.gateway_mark(GATEWAYS[2]) == 0x12000000
    assert marks.gateway_table(GATEWAYS[2]) == 8603


def test_a_gateway_too_many_is_refused_and_named() -> None:
    with pytest.raises(ValueError, match="edge has number 224; gateways end at 223"):
        marks.gateway_mark(host("edge", 224, "203.0.113.20"))
