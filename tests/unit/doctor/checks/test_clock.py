"""Clocks that are off, and clocks that nobody keeps."""

from __future__ import annotations

import pytest

from tests.unit.doctor.patients import HEALTHY, codes, patient, troubles, without
from warren.doctor.checks.clock import clock, span
from warren.doctor.model import Level

YEAR = 86400.0 * 365


def test_a_clock_that_is_kept() -> None:
    assert codes(clock(patient())) == set()


@pytest.mark.parametrize(
    ("skew", "code", "level"),
    [
        (30.0, "clock-drifts", Level.WARNING),
        (-3600.0, "clock-off", Level.ERROR),
        (-50 * YEAR, "clock-wrong", Level.ERROR),
    ],
)
def test_a_clock_that_is_off(skew: float, code: str, level: Level) -> None:
    found = troubles(clock(patient(skew=skew)))[code]
    assert found.level is level
    assert found.blocks is (code == "clock-wrong")


def test_it_says_by_how_much() -> None:
    assert troubles(clock(patient(skew=-50 * YEAR)))["clock-wrong"].summary.startswith(
        "its clock is 50 years behind yours: tunnels"
    )
    assert span(3600) == "1 hour"
    assert span(59.4) == "59 seconds"


def test_a_clock_that_nobody_keeps() -> None:
    off = without("clock", "NTP", "CanNTP")
    assert "no-time-sync" in codes(clock(patient(clock=off)))
    found = troubles(clock(patient(clock=off + "CanNTP=yes\nNTP=no\nNTPSynchronized=no\n")))["time-not-kept"]
    assert found.mend is not None
    assert found.mend.script == "timedatectl set-ntp true"
    assert codes(clock(patient(clock=off + "NTP=yes\nNTPSynchronized=no\n"))) == {"time-not-yet"}
    assert codes(clock(patient(clock=off + "chrony=yes\n"))) == set()


def test_a_container_has_the_clock_of_its_machine() -> None:
    said = HEALTHY["system"] + "container=lxc\n"
    assert codes(clock(patient(system=said, clock="now=0\nCanNTP=no\n"))) == set()
    assert codes(clock(patient(system=HEALTHY["system"] + "container=none\n", clock="now=0\n"))) != set()


def test_a_host_that_starts_in_the_past() -> None:
    assert codes(clock(patient(clock=without("clock", "rtc")))) == {"no-rtc"}
    assert codes(clock(patient(clock=without("clock", "rtc") + "saved=/etc/fake-hwclock.data\n"))) == set()
