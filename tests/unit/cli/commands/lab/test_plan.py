"""`warren lab plan` is `warren plan` with the lab's hosts."""

from __future__ import annotations

from pathlib import Path

from tests.unit.cli.calling import bench, call, written


def test_it_takes_the_file_as_a_word(tmp_path: Path) -> None:
    path = written(tmp_path)
    with bench():
        done = call("lab", "plan", path, "--detailed-exitcode")
        assert done.code == 2
        assert done.out == call("plan", "-f", path).out
