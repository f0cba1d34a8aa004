"""Every script is counted for the stage in which it runs."""

from __future__ import annotations

from tests.unit.apply.told import Told
from warren.apply.meter import Meter
from warren.apply.protocol import REMOTE, Line


def test_trips_and_bytes_belong_to_a_stage() -> None:
    meter = Meter()
    host = meter.counted({"home": Told("home", {"lock": "generation 3\n"})})["home"]
    meter.stage("lock")
    assert Line(host).tell("lock", "c1") == "generation 3\n"
    meter.stage("stage")
    line = Line(host)
    line.renew()
    line.tell("stage", stdin=b"12345")
    line.close()
    assert list(meter.rows) == ["observe", "lock", "stage"]
    assert (meter.rows["lock"].trips, meter.rows["lock"].received) == (1, 13)
    assert meter.rows["stage"].sent > len(REMOTE) + 5
    assert meter.rows["observe"].trips == 0


def test_a_stage_that_comes_again_is_one_row() -> None:
    meter = Meter()
    for name in ("first", "second", "first"):
        meter.stage(name)
    assert list(meter.rows) == ["observe", "second", "first"]
    assert meter.current is meter.rows["first"]
