"""`warren lab verify` is `warren verify` with the lab's hosts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli.calling import bench, call, written
from warren.verify import Report


def test_it_takes_the_file_as_a_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warren.verify.verify", lambda topology, ground, scan: Report(()))
    monkeypatch.setattr("tests.unit.cli.calling.Bench.lab", None, raising=False)
    with bench():
        done = call("lab", "verify", written(tmp_path))
    assert done.code == 0
    assert "0 of 0 flows as declared" in done.out
