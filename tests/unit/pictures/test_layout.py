"""Columns from left to right: none overlaps another, what is not there takes no room."""

from __future__ import annotations

import pytest

from tests.unit.pictures.networks import NETWORKS, bare, shared
from warren.pictures.layout import LONGEST, label, layout
from warren.pictures.scene import Door, scene


@pytest.mark.parametrize("name", NETWORKS)
def test_columns_stand_beside_each_other(name: str) -> None:
    made = layout(scene(NETWORKS[name]()))
    assert made.gateways_left + made.gateways.width <= made.tunnels_left <= made.middle_left
    assert made.middle_left + made.middle.width <= made.lans_left
    assert made.lans_left + made.lans_width <= made.homes_left
    assert made.homes_left + made.homes.width + made.right.width <= made.width
    assert max(made.gateways.bottom, made.homes.bottom) < made.height


def test_what_is_not_there_takes_no_room() -> None:
    assert layout(scene(bare())).homes_left == 24
    assert layout(scene(shared())).lans_width == 0


def test_a_label_names_its_remarks_and_is_cut() -> None:
    assert label(Door("443", "a", "web", remarks=("20/s", "client hidden"))) == "443  · 20/s  · client hidden"
    assert label(Door("www.example.org", "a", "web", remarks=("https",))) == "www.example.org"
    assert len(label(Door("a" * 80, "a", "web"))) == LONGEST
