from __future__ import annotations

from tests.unit.prove.scenes import SERVICES, scene
from warren.prove.devices import Devices, agree, one
from warren.prove.diagrams import ALL, NOTHING
from warren.prove.packets import ORIGIN, SADDR


def test_a_single_device_concerns_every_header() -> None:
    space = scene().space
    assert one("a").single == "a" and one("a") is one("a")
    assert one("a").of(space, "a") == ALL and one("a").of(space, "b") == NOTHING
    assert one("a").among(space, {"a", "b"}) == ALL


def test_many_devices_share_a_level() -> None:
    space = scene().space
    assert SERVICES.single is None
    assert SERVICES.of(space, "v-db") == space.spans(ORIGIN, [(1, 1)])
    assert SERVICES.among(space, {"v-cloud", "v-db", "eth0"}) == space.spans(ORIGIN, [(0, 1)])
    assert SERVICES.everything(space) == space.spans(ORIGIN, [(0, 2)])


def test_devices_agree_where_both_say_the_same() -> None:
    space = scene().space
    by_source = Devices(SADDR, {"v-db": ((7, 9),), "eth0": ((10, 20),)})
    assert agree(space, one("v-db"), by_source) == agree(space, by_source, one("v-db")) == space.spans(SADDR, [(7, 9)])
    both = space.both(space.spans(ORIGIN, [(1, 1)]), space.spans(SADDR, [(7, 9)]))
    assert agree(space, SERVICES, by_source) == both
    assert agree(space, by_source, by_source) == by_source.everything(space)
