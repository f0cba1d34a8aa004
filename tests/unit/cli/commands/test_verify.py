"""`warren verify` as it is typed, with the packets left out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.calling import bench, call, written
from warren.verify import Report
from warren.verify.expect import Held


@pytest.mark.parametrize(("held", "code"), [(True, 0), (False, 3)])
def test_a_false_statement_is_an_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: bool, code: int
) -> None:
    asked: list[bool] = []

    def verify(topology: object, ground: object, scan: bool = True) -> Report:
        asked.append(scan)
        return Report((), (Held("a -> b: open", True, () if held else ("closed",)),))

    monkeypatch.setattr("warren.verify.verify", verify)
    monkeypatch.setattr("tests.unit.cli.calling.Bench.lab", None, raising=False)
    with bench():
        done = call("verify", "-f", written(tmp_path), "--no-scan", "--json")
    assert (done.code, json.loads(done.out)["holds"]) == (code, held)
    assert asked == [False]


def test_on_real_hosts_it_is_said_what_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warren.verify.afield.verify_real", lambda topology, ground, eyes, scan: Report(()))
    monkeypatch.setattr("tests.unit.cli.calling.Bench.is_lab", False, raising=False)
    with bench():
        done = call("verify", "-f", written(tmp_path), "--json")
    assert (done.code, json.loads(done.out)["scan"]) == (0, None)
    assert "nothing is asked from the Internet's side" in done.err or not done.err
