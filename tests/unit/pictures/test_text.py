"""The picture of letters: golden, within its width, and the same in plain ASCII."""

from __future__ import annotations

import pytest

from tests.unit.pictures.networks import NETWORKS, assert_golden, crowded
from warren.pictures.text import draw


@pytest.mark.parametrize("name", NETWORKS)
def test_golden(name: str, accept: bool) -> None:
    assert_golden(f"{name}.txt", draw(NETWORKS[name]()), accept)


@pytest.mark.parametrize("width", [20, 64, 80, 100, 140])
@pytest.mark.parametrize("name", NETWORKS)
def test_no_line_is_wider_than_the_terminal(name: str, width: int) -> None:
    assert max(map(len, draw(NETWORKS[name](), width).splitlines())) <= max(width, 48)


@pytest.mark.parametrize("name", NETWORKS)
def test_ascii_moves_nothing(name: str) -> None:
    plain, drawn = draw(NETWORKS[name](), ascii=True), draw(NETWORKS[name]())
    assert plain.isascii()
    assert [len(line) for line in plain.splitlines()] == [len(line) for line in drawn.splitlines()]


def test_twenty_services_fit_a_screen_of_a_hundred_columns() -> None:
    lines = draw(crowded(20)).splitlines()
    assert len(lines) < 75
    assert all(any(f"┌ service-{n} " in line for line in lines) for n in range(20))
