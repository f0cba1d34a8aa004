"""`warren plan` as it is typed, against hosts in memory."""

from __future__ import annotations

import json
from pathlib import Path

from tests.unit.cli.calling import bench, call, written


def test_what_would_change(tmp_path: Path) -> None:
    with bench():
        done = call("plan", "-f", written(tmp_path))
    assert done.code == 0
    assert done.out.startswith("Internet can now reach game:12345/udp at vps\n")
    assert " 0 to remove on 2 hosts\n" in done.out
    assert not (tmp_path / "warren.lock").exists()


def test_changes_are_an_exit_code_when_asked_for(tmp_path: Path) -> None:
    path = written(tmp_path)
    with bench():
        assert call("plan", "-f", path, "--detailed-exitcode").code == 2
        assert call("apply", "-f", path, "--yes").code == 0
        done = call("plan", "-f", path, "--detailed-exitcode")
    assert (done.code, done.out) == (0, "No changes. The hosts match the file.\n")


def test_for_programs(tmp_path: Path) -> None:
    with bench():
        found = json.loads(call("plan", "-f", written(tmp_path), "--json").out)
    assert found["version"] == 1
    assert found["summary"]["remove"] == 0
    assert "services can now reach what they need, in 2 ways" in found["words"]
    assert {"host", "action", "kind", "key", "reason"} == set(found["changes"][0])


def test_every_command_when_asked_for(tmp_path: Path) -> None:
    with bench():
        assert "| nft -f -" in call("plan", "-f", written(tmp_path), "--full").out


def test_a_host_that_does_not_answer(tmp_path: Path) -> None:
    with bench() as hosts:
        hosts["home"].away = True
        done = call("plan", "-f", written(tmp_path))
    assert (done.code, done.err) == (1, "error: home cannot be reached: Connection refused\n")
