"""`warren lab test` as it is typed, without a kernel."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.calling import call, written
from tests.unit.cli.commands.lab.rooms import noted
from warren.apply import Failure, Outcome
from warren.cli.trial import Trial
from warren.lab.door import refuse
from warren.topology.model import Topology
from warren.verify import Report
from warren.verify.expect import Held


@pytest.mark.parametrize(
    ("trial", "code"),
    [
        (Trial(Outcome(1), Report(())), 0),
        (Trial(Outcome(1), Report((), (Held("a -> b", True, ("closed",)),))), 3),
        (Trial(Outcome(0, Failure("vps", "no"))), 1),
    ],
)
def test_picture_verdict_and_no_lab_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trial: Trial, code: int
) -> None:
    monkeypatch.setattr("warren.cli.trial.trial", lambda lab, topology, scan, folder: trial)
    with noted() as lab:
        done = call("lab", "test", written(tmp_path))
    assert done.code == code
    assert "Internet" in done.out
    assert lab.done == ["down"]


def test_kept_and_for_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warren.cli.trial.trial", lambda lab, topology, scan, folder: Trial(Outcome(1), Report(())))
    with noted() as lab:
        done = call("lab", "test", written(tmp_path), "--keep", "--json")
    assert json.loads(done.out)["holds"] is True
    assert lab.done == []


def test_what_cannot_be_built_is_refused_before_anything_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(topology: Topology, name: str, tied: bool, machines: bool) -> None:
        raise refuse("runs", f"lab `{name}` runs already")

    monkeypatch.setattr("warren.cli.laboratory.build", refuses)
    done = call("lab", "test", path := written(tmp_path))
    assert (done.code, done.out) == (1, "")
    assert "runs already" in done.err
    (tmp_path / "warren.lock").unlink()
    (tmp_path / "warren.lock").mkdir()
    assert call("lab", "test", path).out == ""
