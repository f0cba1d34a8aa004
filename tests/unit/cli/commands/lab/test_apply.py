"""`warren lab apply` as it is typed, without a kernel."""

from __future__ import annotations

import json
from pathlib import Path

from tests.unit.cli.calling import TWO_HOSTS, call, written
from tests.unit.cli.commands.lab.rooms import noted


def test_changed_in_place(tmp_path: Path) -> None:
    path = written(tmp_path)
    with noted() as lab:
        call("lab", "up", path)
        path.write_text(TWO_HOSTS.replace("    needs: [db.sql]\n", ""))
        done = call("lab", "apply", path)
    assert done.code == 0
    assert done.out.startswith("Applied: ")
    assert "game can no longer reach db:5432/tcp" in done.err
    assert lab.done == ["stand in", "hold", "extend", "stand in"]


def test_for_programs(tmp_path: Path) -> None:
    with noted():
        found = json.loads(call("lab", "apply", written(tmp_path), "--json").out)
    assert (found["lab"], found["succeeded"]) == ("small", True)
