"""`warren status` as it is typed, against hosts in memory."""

from __future__ import annotations

import json
from pathlib import Path

from tests.unit.cli.calling import bench, call, written


def test_before_and_after_an_apply(tmp_path: Path) -> None:
    path = written(tmp_path)
    with bench():
        said = call("status", "-f", path).out
        assert "home  reachable, not warren's" in said and "none is here" in said
        call("apply", "-f", path, "--yes")
        done = call("status", "-f", path)
    assert done.code == 0
    assert "vps  reachable, in line with the file\n  tunnel  wrn-vps  to home" in done.out


def test_a_host_that_does_not_answer_is_an_error(tmp_path: Path) -> None:
    with bench() as hosts:
        hosts["home"].away = True
        done = call("status", "-f", written(tmp_path), "--json")
    found = json.loads(done.out)["hosts"]
    assert (done.code, found["home"]["reachable"], found["vps"]["reachable"]) == (1, False, True)
