"""`warren apply` as it is typed, against hosts in memory."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import click
import pytest

from tests.unit.cli.calling import TWO_HOSTS, Timed, bench, call, written


def held(hosts: Mapping[str, Timed]) -> list[list[str]]:
    """All that hosts hold, but for our own note of what is ours."""
    return [[line for line in host.picture() if "/var/lib/warren/owned" not in line] for host in hosts.values()]


def test_apply_and_apply_again(tmp_path: Path) -> None:
    path = written(tmp_path)
    with bench() as hosts:
        done = call("apply", "-f", path, "--yes")
        assert done.code == 0
        assert "Plan: " in done.out
        assert done.out.splitlines()[-1].startswith("Applied: ")
        assert " changes made" in done.err
        assert (tmp_path / "warren.lock").exists()
        steps = [host.steps for host in hosts.values()]
        again = call("apply", "-f", path, "--yes")
        assert (again.code, again.out) == (0, "No changes. The hosts match the file.\n")
        assert [host.steps for host in hosts.values()] == steps


def test_in_a_lab_what_is_new_answers_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hosts = {name: Timed(name) for name in ("vps", "home")}
    lab, attended = object(), []
    place = type("Ground", (), {"hosts": hosts, "inside": lab})
    monkeypatch.setattr("warren.cli.ground.ground", lambda *_: place)
    monkeypatch.setattr("warren.cli.laboratory.attend", lambda *given: attended.append(given[0]))
    assert call("apply", "-f", written(tmp_path), "--yes").code == 0
    assert attended == [lab]


def test_nothing_is_applied_without_a_yes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    with bench() as hosts:
        done = call("apply", "-f", written(tmp_path))
        assert done.code == 1
        assert "--yes applies without asking" in done.err
        assert [host.steps for host in hosts.values()] == [0, 0]
    assert not (tmp_path / "warren.lock").exists()


def test_a_false_statement_is_refused_however_little_would_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path)
    Path(path).write_text(f"{Path(path).read_text()}expect:\n  - internet -> db.sql: open\n")
    monkeypatch.setattr("warren.plan.quiet.is_quiet", lambda plan: True)
    with bench() as hosts:
        done = call("apply", "-f", path, "--yes")
        assert done.code == 3 and "internet -> db.sql" in done.err
        assert [host.steps for host in hosts.values()] == [0, 0]
    assert not (tmp_path / "warren.lock").exists()


@pytest.mark.parametrize(("answer", "code"), [(True, 0), (False, 130)])
def test_a_terminal_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: bool, code: int) -> None:
    def confirm(*words: str, **more: object) -> bool:
        if not answer:
            raise click.Abort
        return True

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.confirm", confirm)
    with bench():
        assert call("apply", "-f", written(tmp_path)).code == code


def test_what_fails_is_put_back_everywhere(tmp_path: Path) -> None:
    path = written(tmp_path)
    with bench() as hosts:
        call("apply", "-f", path, "--yes")
        before = held(hosts)
        path.write_text(TWO_HOSTS.replace("12345", "12399"))
        hosts["vps"].fails_at = 0
        done = call("apply", "-f", path, "--yes")
        assert done.code == 1
        assert "error: the apply failed on vps: " in done.err
        assert "every host was put back to what it held before" in done.err
        assert held(hosts) == before


def test_for_programs(tmp_path: Path) -> None:
    path = written(tmp_path)
    with bench():
        found = json.loads(call("apply", "-f", path, "--yes", "--json").out)
        assert found["succeeded"]
        assert found["applied"] > 10
        assert json.loads(call("apply", "-f", path, "--yes", "--json").out)["applied"] == 0
