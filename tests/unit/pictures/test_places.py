"""Places from top to bottom: nothing overlaps, everything is inside of its frame."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.unit.pictures.networks import NETWORKS, worlds
from warren.pictures.places import HEAD, behind, bold_width, column, title, way
from warren.pictures.scene import Box, Door, scene


@pytest.mark.parametrize("name", NETWORKS)
def test_nothing_overlaps(name: str) -> None:
    made = column(scene(NETWORKS[name]()).spots, {"cloud": 4, "service-3": 9}, 50)
    for one, other in pairwise(made.spots):
        assert one.top + one.height < other.top
    for spot in made.spots:
        parts = sorted([(door, door) for _, door in spot.doors] + [(b.top, b.top + b.height) for b in spot.boxes])
        assert all(first[1] < second[0] for first, second in pairwise(parts))
        assert all(spot.top < top and bottom < spot.top + spot.height for top, bottom in parts)
        for box in spot.boxes:
            assert all(box.top < row < box.top + box.height for row in (*box.rows.values(), box.leaves))


def test_a_box_grows_with_the_lines_that_leave_it() -> None:
    spots = scene(worlds()).homes
    small, large = (column(spots, {"db": count}, 0).boxes["db"] for count in (1, 5))
    assert large.height == small.height + 4 * 7


def test_an_empty_column_is_nowhere() -> None:
    made = column((), {}, 66)
    assert (made.width, made.bottom, made.boxes) == (0, 66, {})


def test_a_host_is_named_and_joined_at_its_head() -> None:
    vps, home = scene(worlds()).spots
    assert (title(vps), title(home)) == ("vps · gateway", "home")
    made = column((vps,), {}, 10).spots[0]
    assert made.top < made.link < made.top + HEAD


def test_words() -> None:
    assert behind(Door("80", "blog", "web")) == "▸ blog.web"
    assert (way(Box("blog", (), "vps")), way(Box("home", ()))) == ("▸ vps", "programs of the host")
    assert bold_width("abc", 10) > 17
