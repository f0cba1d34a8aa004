"""`warren traffic` as it is typed, against hosts in memory."""

from __future__ import annotations

import json
from pathlib import Path

from tests.unit.cli.calling import bench, call, written


def test_nothing_yet(tmp_path: Path) -> None:
    path = written(tmp_path)
    with bench():
        call("apply", "-f", path, "--yes")
        done = call("traffic", "-f", path)
        assert (done.code, done.out) == (0, "Nothing has been sent or received yet.\n")
        found = json.loads(call("traffic", "-f", path, "--json").out)
    assert found["services"]["game"]["lan"]["sent"] == {"bytes": 0, "packets": 0}
