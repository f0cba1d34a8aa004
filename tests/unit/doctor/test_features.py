"""Each feature has a trial of its own."""

from __future__ import annotations

from warren.doctor.features import FEATURES, trial


def test_trials_do_not_meet() -> None:
    tables = [trial(name).splitlines()[0] for name in FEATURES]
    assert len(set(tables)) == len(FEATURES)


def test_blocks_are_closed() -> None:
    for name in FEATURES:
        assert trial(name).count("{") == trial(name).count("}")
