"""Evidence as values."""

from __future__ import annotations

import pytest

from warren.evidence.model import Evidence, Knock


@pytest.mark.parametrize(
    ("outcome", "arrived"),
    [("answered", True), ("connected", True), ("refused", False), ("timeout", False), ("untried", False)],
)
def test_what_arrived(outcome: str, arrived: bool) -> None:
    assert Knock(outcome).arrived is arrived


def test_the_hosts_that_were_watched() -> None:
    assert [set(each.traced) for each in (Evidence(lines={"home": ()}), Evidence())] == [{"home"}, set()]
