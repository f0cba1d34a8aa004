"""Which control groups are a lab's, and where they lie."""

from __future__ import annotations

import os
from pathlib import Path

from warren.lab.machines import groups


def test_one_hierarchy_or_the_two_that_systemd_uses(tmp_path: Path) -> None:
    for name in ("unified", "systemd", "memory"):
        (tmp_path / name).mkdir()
    assert groups.hierarchies(tmp_path) == (tmp_path / "unified", tmp_path / "systemd")
    (tmp_path / "cgroup.controllers").touch()
    assert groups.hierarchies(tmp_path) == (tmp_path,)


def test_only_groups_of_labs_that_are_gone_are_left_over(tmp_path: Path) -> None:
    (tmp_path / "cgroup.controllers").touch()
    for name in ("warren-lab.worlds.vps", "warren-lab.worlds2.vps", "user.slice"):
        (tmp_path / name).mkdir()
    assert [group.name for group in groups.left_over(["worlds"], tmp_path)] == ["warren-lab.worlds2.vps"]
    assert {group.name for group in groups.left_over([], tmp_path)} == {
        "warren-lab.worlds.vps",
        "warren-lab.worlds2.vps",
    }


def test_groups_are_removed_from_below(tmp_path: Path) -> None:
    (tmp_path / "one/payload/system.slice").mkdir(parents=True)
    groups.remove([tmp_path / "one", tmp_path / "none"])
    assert not (tmp_path / "one").exists()


def test_what_is_no_machine_has_no_payload() -> None:
    assert groups.payload(os.getpid()) is None
    assert groups.payload(2**22 + 1) is None
