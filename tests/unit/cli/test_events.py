"""What an apply tells programs while it goes on: one object a line, and the outcome last."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.calling import TWO_HOSTS, bench, call, written
from warren.cli import events


def told(out: str) -> list[dict[str, Any]]:
    """Every line, which is an object by itself."""
    lines = [json.loads(line) for line in out.splitlines()]
    assert all(each["version"] == 1 for each in lines)
    return lines


def test_an_apply_tells_the_plan_the_hosts_and_the_outcome(tmp_path: Path) -> None:
    with bench():
        done = call("apply", "-f", written(tmp_path), "--yes", "--events")
        lines = told(done.out)
        again = told(call("apply", "-f", tmp_path / "warren.yaml", "--yes", "--events").out)
    assert (done.code, done.err) == (0, "")
    assert [each["event"] for each in lines] == ["plan", "host", "host", "outcome"]
    assert {each["host"] for each in lines[0]["changes"]} == {"vps", "home"}
    assert {each["host"] for each in lines[1:3]} == {"vps", "home"}
    assert lines[1]["said"].endswith(" changes made")
    assert lines[3]["succeeded"] and lines[3]["applied"] > 0
    assert [each["event"] for each in again] == ["plan", "outcome"]
    assert again[1] == {"version": 1, "event": "outcome", "applied": 0, "succeeded": True, "failure": None}


def test_what_fails_is_the_outcome(tmp_path: Path) -> None:
    path = written(tmp_path)
    with bench() as hosts:
        hosts["vps"].fails_at = 0
        done = call("apply", "-f", path, "--yes", "--events")
    last = told(done.out)[-1]
    assert done.code == 1
    assert (last["event"], last["succeeded"], last["failure"]["host"]) == ("outcome", False, "vps")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [("version: 1", "version: one", 1), ("services:", "expect: [{'internet -> db.sql': open}]\nservices:", 3)],
)
def test_what_is_refused_is_told_before_the_outcome(tmp_path: Path, old: str, new: str, code: int) -> None:
    with bench():
        done = call("apply", "-f", written(tmp_path, TWO_HOSTS.replace(old, new)), "--yes", "--events")
    lines = told(done.out)
    assert done.code == code
    assert [each["event"] for each in lines][-2:] == ["diagnostic", "outcome"]
    assert lines[-2]["severity"] == "error" and lines[-2]["line"]
    assert lines[-1]["succeeded"] is False


def test_the_stream_wins_over_one_document(tmp_path: Path) -> None:
    with bench():
        done = call("apply", "-f", written(tmp_path), "--yes", "--events", "--json")
    assert told(done.out)[-1]["event"] == "outcome"


def test_a_way_back_is_told_as_well(tmp_path: Path) -> None:
    with bench():
        done = call("rollback", "-f", written(tmp_path), "--events", "--yes")
    assert told(done.out)[-1]["event"] == "outcome"


def test_stages_are_told_where_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: list[str] = []
    assert events.staged(seen.append) == seen.append
    monkeypatch.setattr(events, "asked", lambda: True)
    events.staged(seen.append)("arm")
    assert seen == ["arm"]
    assert told(capsys.readouterr().out) == [{"version": 1, "event": "stage", "stage": "arm"}]
