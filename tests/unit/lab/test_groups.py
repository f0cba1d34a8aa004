"""Ping for every group, where a lab knows only one."""

from __future__ import annotations

import os

from warren.desired.parts.services import SETTINGS
from warren.desired.steps import SetSysctl, script
from warren.lab import groups


def test_a_map_knows_what_lies_in_its_ranges() -> None:
    assert groups.known(groups.LAST, "         0          0 4294967295\n")
    assert groups.known(70, "0 1000 1\n70 100000 2\n")
    assert not groups.known(groups.LAST, "         0      65534          1\n")
    assert groups.limited(os.getpid()) in (True, False)


def test_what_a_service_is_given_is_narrowed() -> None:
    told = script(SetSysctl(key, value, "db") for key, value in SETTINGS)
    assert told.count(groups.WIDE) == 1
    assert groups.narrowed(told) == told.replace(groups.WIDE, groups.NARROW)


def test_what_is_read_back_is_what_was_meant() -> None:
    said = b"/proc/sys/net/ipv4/ping_group_range:0\t0\n/proc/sys/net/ipv4/ip_forward:0\n"
    assert groups.widened(said) == said.replace(b"0\t0\n", b"0\t2147483647\n")
    other = b"/proc/sys/net/ipv4/ping_group_range:0\t09\n"
    assert groups.widened(other) == other
