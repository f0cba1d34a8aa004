"""A running lab as a value: where its files are. What it does is in tests/netns/test_lab_build.py."""

from __future__ import annotations

import os
from pathlib import Path

from warren.lab import blueprint
from warren.lab.lab import Lab, find


def test_files_are_on_the_keepers_own_tmpfs() -> None:
    lab = Lab("worlds", 12345)
    assert lab.path("state.json") == Path("/proc/12345/root/run/warren-lab/state.json")


def test_a_lab_without_a_blueprint_is_empty() -> None:
    assert Lab("worlds", os.getpid()).blueprint() == blueprint.EMPTY


def test_what_does_not_run_is_not_found() -> None:
    assert find("nothing-here") is None
