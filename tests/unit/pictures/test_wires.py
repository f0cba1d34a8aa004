"""Wires: every tunnel and permission once, with its ends where the boxes are."""

from __future__ import annotations

from tests.unit.pictures.networks import crowded, shared, two_gateways, worlds
from warren.pictures.lanes import Line, Side
from warren.pictures.places import Column, column
from warren.pictures.scene import Scene, scene
from warren.pictures.wires import Wires, areas


def wires(seen: Scene) -> tuple[Wires, Column, Column]:
    leaving = areas(seen).leaving
    gateways, homes = (column(spots, leaving, 0) for spots in (seen.gateways, seen.homes))
    return Wires(gateways, homes), gateways, homes


def titles(lines: list[Line]) -> list[str]:
    return [end.title for line in lines for end in (line.hub, *line.spokes) if end.title]


def test_permissions_between_homes_run_beside_them() -> None:
    found = areas(scene(two_gateways()))
    assert [len(bundle.permits) for bundle in found.middle] == [3]
    assert [[permit.source for permit in bundle.permits] for bundle in found.right] == [["mirror", "chat"], ["files"]]


def test_a_permission_on_a_gateway_stays_to_its_left() -> None:
    seen = scene(shared())
    [line] = wires(seen)[0].middle(areas(seen).middle)
    assert {end.side for end in (line.hub, *line.spokes)} == {Side.LEFT}
    assert line.hub.arrow and not any(spoke.arrow for spoke in line.spokes)


def test_a_line_across_has_an_end_on_each_side() -> None:
    seen = scene(worlds())
    made, gateways, homes = wires(seen)
    [line] = made.middle(areas(seen).middle)
    assert (line.hub.side, line.spokes[0].side) == (Side.RIGHT, Side.LEFT)
    assert line.hub.height == homes.boxes["cloud"].rows["web"]
    assert line.spokes[0].height == gateways.boxes["blog"].leaves


def test_tunnels_of_one_host_arrive_beside_each_other() -> None:
    seen = scene(two_gateways())
    lines = list(wires(seen)[0].tunnels(seen))
    assert [len(line.spokes) for line in lines] == [2, 2]
    heights = [end.height for line in lines for end in (line.hub, *line.spokes)]
    assert len(set(heights)) == len(heights) - 1
    assert titles(lines)[0] == "WireGuard: hel dials fra"


def test_every_permission_is_drawn_once() -> None:
    seen = scene(crowded())
    made, found = wires(seen)[0], areas(seen)
    drawn = sum(len(line.spokes) for line in [*made.middle(found.middle), *made.right(found.right)])
    assert drawn == len(seen.permits)


def test_no_two_lines_leave_a_box_at_one_place() -> None:
    seen = scene(crowded())
    made, found = wires(seen)[0], areas(seen)
    for lines in (made.middle(found.middle), made.right(found.right)):
        starts = [(e.side, e.height) for line in lines for e in (line.hub, *line.spokes) if not e.arrow]
        assert len(set(starts)) == len(starts)
