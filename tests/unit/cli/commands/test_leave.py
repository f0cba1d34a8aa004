"""`warren leave` as it is typed."""

from __future__ import annotations

from pathlib import Path

from tests.unit.cli.calling import bench, call, written


def test_a_host_must_be_named(tmp_path: Path) -> None:
    with bench():
        done = call("leave", "-f", written(tmp_path))
    assert (done.code, done.out) == (1, "")
    assert "HOST" in done.err


def test_a_lab_is_not_left(tmp_path: Path) -> None:
    with bench() as hosts:
        done = call("leave", "vps", "-f", written(tmp_path), "--yes")
    assert done.code == 1
    assert "`warren lab down` ends a lab" in done.err
    assert hosts["vps"].trips == 0


def test_an_unknown_host(tmp_path: Path) -> None:
    with bench():
        done = call("leave", "vsp", "-f", written(tmp_path), "--yes")
    assert "did you mean `vps`?" in done.err
