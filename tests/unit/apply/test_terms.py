"""Terms have a name of their own and never show a secret."""

from __future__ import annotations

import re

from warren.apply.terms import LEASE, Confirm, Terms, new_terms


def test_every_change_has_its_own_name_that_a_unit_can_bear() -> None:
    first, second = new_terms(), new_terms()
    assert first.change != second.change
    assert re.fullmatch(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{6}", first.change)
    assert "@" in first.who and first.confirm is Confirm.AUTO


def test_a_host_is_held_longer_than_it_waits() -> None:
    assert Terms("c", "w", window=30).lease == 30 + LEASE


def test_values_are_not_shown() -> None:
    assert "hunter2" not in repr(new_terms(secrets={"home": {"6001.key": b"hunter2"}}))
