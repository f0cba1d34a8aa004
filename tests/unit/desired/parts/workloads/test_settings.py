"""settings: limits, restarts and times as systemd writes them."""

from __future__ import annotations

import pytest

from warren.desired.parts.workloads.settings import limits, restarts, seconds, starts, tasks
from warren.topology.workload import Limits, Restart, RestartKind


@pytest.mark.parametrize(
    ("text", "number"), [("30s", 30), ("1m30s", 90), ("500ms", 1), ("1.5h", 5400), ("9h9m", 32940), ("0s", 0)]
)
def test_durations(text: str, number: int) -> None:
    assert seconds(text) == number


def test_a_restart_without_a_number_has_no_end() -> None:
    always = Restart(RestartKind.ALWAYS)
    assert [(one.key, one.value) for one in starts(always)] == [("StartLimitIntervalSec", "0")]
    assert [one.value for one in restarts(always)][0] == "always"
    counted = dict((one.key, one.value) for one in starts(Restart(RestartKind.ON_FAILURE, 3)))
    assert counted["StartLimitBurst"] == "4"
    assert [one.value for one in restarts(Restart(RestartKind.NO))] == ["no"]


def test_limits() -> None:
    assert [(one.key, one.value) for one in limits(Limits(1024, "0.25", 5))] == [
        ("MemoryMax", "1024"),
        ("CPUQuota", "25%"),
    ]
    assert [one.value for one in tasks(Limits(pids=-1))] == ["infinity"]
    assert not list(limits(Limits()))
    assert not list(tasks(Limits()))
