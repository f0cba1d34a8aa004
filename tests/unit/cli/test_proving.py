"""proving: a file is proved before anything else is done with it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.unit.cli.calling import TWO_HOSTS, bench, call, written

FALSE = TWO_HOSTS + "expect:\n  - internet -> game.play: closed\n  - game -> db.sql: closed\n"


def test_a_line_that_does_not_hold_is_shown_with_a_packet(tmp_path: Path) -> None:
    done = call("check", path := written(tmp_path, FALSE))
    assert done.code == 3 and done.out == ""
    line = FALSE.splitlines().index("  - internet -> game.play: closed") + 1
    assert f"{path}:{line}:5: error: `internet -> game.play: closed` does not hold" in done.err
    assert "-> 203.0.113.10:12345 gets through" in done.err


def test_a_plan_is_refused_before_a_host_is_asked(tmp_path: Path) -> None:
    done = call("plan", written(tmp_path, FALSE), "--lab", "nowhere")
    assert done.code == 3 and "does not hold" in done.err and "nowhere" not in done.err


def test_for_programs(tmp_path: Path) -> None:
    found = json.loads(call("check", written(tmp_path, FALSE), "--json").out)
    assert {each["code"] for each in found["diagnostics"]} == {"expectation-false"}


def test_nothing_is_applied_that_the_file_itself_denies(tmp_path: Path) -> None:
    with bench() as hosts:
        before = {name: host.picture() for name, host in hosts.items()}
        done = call("apply", "-f", written(tmp_path, FALSE), "--yes")
        assert {name: host.picture() for name, host in hosts.items()} == before
    assert done.code == 3 and "does not hold" in done.err
