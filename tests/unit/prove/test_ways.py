from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.prove.scenes import built, header, number, scene
from warren.desired.items.route import Route
from warren.prove.devices import one
from warren.prove.diagrams import NOTHING
from warren.prove.packets import ANSWER, DADDR, QUESTION, SADDR, Roles
from warren.prove.policy import tables
from warren.prove.routing import Fate
from warren.prove.ways import Region, Ways, flattened

INTERNAL, VPS = 0x01000000, 0x10000000


def ways() -> Ways:
    return Ways(scene().space, 4, built())


def region(mark: int, target: str, iif: str = "v-cloud") -> Region | None:
    made = ways()
    at = header("10.86.1.2", target, "tcp", 80)
    found = made.regions(built().nodes["home"], QUESTION, mark, one(iif))
    return next((each for each in found if made.space.holds(each.headers, at)), None)


def test_regions_are_what_a_lookup_says_for_each_packet() -> None:
    local = region(0, "10.86.1.1")
    assert local and local.fate is Fate.LOCAL
    inner = region(INTERNAL, "10.86.1.3")
    assert inner and inner.devices and (number("10.86.1.3"),) * 2 in inner.devices.spans["v-db"]
    outer = region(VPS, "198.51.100.7")
    assert outer and outer.devices and list(outer.devices.spans) == ["wrn-vps"]
    assert region(0, "198.51.100.7") is None and region(INTERNAL, "10.86.1.9") is None


def test_the_longest_prefix_is_cut_out_of_those_around_it() -> None:
    routes = [Route("0.0.0.0/30", "7"), Route("0.0.0.0/32", "7", "a"), Route("0.0.0.2/31", "7", "b"),
              Route("0.0.0.0/29", "7", "c")]  # fmt: skip
    table = tables(routes, [], {"a", "b", "c"})[4, "7"]
    assert [(span, entry.device) for span, entry in flattened(table)] == [
        ((0, 0), "a"),
        ((1, 1), None),
        ((2, 3), "b"),
        ((4, 7), "c"),
    ]


def test_neighbours_have_the_next_address() -> None:
    made = ways()
    home = built().nodes["home"]
    inner = next(each for each in made.regions(home, QUESTION, INTERNAL, one("v-cloud")) if each.devices)
    assert made.neighbours(home, inner) == made.space.spans(DADDR, [(number("10.86.1.2"), number("10.86.1.4"))])


def test_sources_without_a_way_back_are_not_believed() -> None:
    made = ways()
    home = built().nodes["home"]
    inner = next(each for each in made.regions(home, QUESTION, INTERNAL, one("v-cloud")) if each.devices)
    own = header("10.86.1.1", "10.86.1.3", "tcp", 1)
    believed = made.believed(home, QUESTION, INTERNAL, one("wrn-vps"), inner.devices)
    assert made.space.holds(believed, header("10.86.1.2", "10.86.1.3", "tcp", 1))
    assert not made.space.holds(believed, own)
    # On a pair, whose sources rules pin, the kernel does not look.
    assert made.space.holds(made.believed(home, QUESTION, INTERNAL, one("v-cloud"), inner.devices), own)


def test_martians_are_never_routed() -> None:
    made = ways()
    assert made.space.holds(made.martian(QUESTION), header("224.0.0.1", "10.0.0.1", "udp", 1))
    assert not made.space.holds(made.martian(QUESTION), header("10.0.0.2", "10.0.0.1", "udp", 1))
    assert made.stillborn(QUESTION) == 0
    assert made.local(built().nodes["db"], SADDR) != 0


def test_equal_devices_are_the_same_ones() -> None:
    made = ways()
    spans = {"a": ((1, 1),), "b": ((2, 3),)}
    assert made.devices(SADDR, spans) is made.devices(SADDR, dict(reversed(spans.items())))
    assert made.devices(SADDR, spans) is not made.devices(DADDR, spans)


def test_the_same_devices_by_another_next_address_have_other_neighbours() -> None:
    made, home = ways(), built().nodes["home"]
    inner = next(each for each in made.regions(home, QUESTION, INTERNAL, one("v-cloud")) if each.devices)
    nobody = tuple((span, replace(entry, via=number("192.0.2.9"))) for span, entry in inner.pieces)
    assert made.neighbours(home, inner) != NOTHING
    assert made.neighbours(home, replace(inner, pieces=nobody)) == NOTHING


@pytest.mark.parametrize("roles", [QUESTION, ANSWER])
def test_services_with_the_same_routes_speak_as_each_one_does_alone(roles: Roles) -> None:
    network = built()
    space = scene().space
    made = Ways(space, 4, network)
    for service in network.services("home"):
        alone = NOTHING
        for region in made.regions(service, roles, 0, one("lo")):
            local = region.headers if region.fate is Fate.LOCAL else NOTHING
            near = space.both(region.headers, made.neighbours(service, region))
            alone = space.either(alone, space.either(local, near))
        assert made.speaks(service, roles) == alone
