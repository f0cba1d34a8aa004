"""`warren rollback` as it is typed, against hosts in memory that remember."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.unit.apply.told import Answer
from tests.unit.cli.calling import TWO_HOSTS, Timed, bench, call, written
from warren.apply.protocol import REMOTE
from warren.desired import record
from warren.desired.lower import lower
from warren.hosts.base import Result
from warren.pipeline import understand


@dataclass(slots=True)
class Remembering(Timed):
    """A host in memory that also keeps generations; what it keeps is set by a test."""

    answers: dict[str, Answer] = field(default_factory=dict)

    def run(self, script: str, stdin: bytes = b"", timeout: float = 60.0) -> Result:
        """See `Host.run`."""
        if not script.startswith(REMOTE):
            return Timed.run(self, script, stdin, timeout)
        answer = self.answers[script.removeprefix(REMOTE).split()[0]]
        return (
            Result(answer[0], b"", answer[1].encode())
            if isinstance(answer, tuple)
            else Result(0, str(answer).encode(), b"")
        )


def typed(folder: Path, *words: str, **answers: Answer) -> tuple[int, str, str]:
    """A network is applied, its game is taken out of the file, and this is typed."""
    path = written(folder)
    with bench() as hosts:
        assert call("apply", "-f", path, "--yes").code == 0
        held = lower(understand(path).topology, {name: host.machine.public_key or "" for name, host in hosts.items()})
        path.write_text(TWO_HOSTS.partition("  game:")[0])
        assert call("apply", "-f", path, "--yes").code == 0
        for name, host in hosts.items():
            kept = {"status": "generation 2\n", "recall": f"1\n{record.text(held[name])}", **answers}
            hosts[name] = Remembering(name, machine=host.machine, answers=kept)
        done = call("rollback", "-f", path, *words)
        if done.code == 0:
            path.write_text(TWO_HOSTS)
            assert call("plan", "-f", path).out == "No changes. The hosts match the file.\n"
    return done.code, done.out, done.err


def test_it_is_a_plan_and_an_apply_as_any_other(tmp_path: Path) -> None:
    code, out, _ = typed(tmp_path, "--yes")
    assert code == 0
    assert "is not in the file" not in out
    assert "game can now reach db:5432/tcp" in out and "own network namespace" in out and "Applied: " in out


def test_a_host_that_does_not_remember_refuses(tmp_path: Path) -> None:
    code, _, err = typed(tmp_path, "--yes", "0", recall=(13, "it keeps no generation 0, and none before"))
    assert code == 1 and "it keeps no generation 0, and none before" in err


def test_nothing_is_done_without_a_yes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    code, _, err = typed(tmp_path)
    assert code == 1 and "--yes applies without asking" in err


def test_namespaces_have_nothing_to_go_back_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = type("Ground", (), {"hosts": {}, "is_plain": True})
    monkeypatch.setattr("warren.cli.ground.ground", lambda *_: place)
    done = call("rollback", "-f", written(tmp_path), "--yes")
    assert (done.code, "do not remember their changes" in done.err) == (1, True)
