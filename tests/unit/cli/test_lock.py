"""The ledger beside the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli.calling import TWO_HOSTS, call, written
from warren import pipeline
from warren.basis.diagnostic import Refused
from warren.cli import lock


def test_it_is_written_once_and_read_again(tmp_path: Path) -> None:
    understood = pipeline.understand(written(tmp_path))
    lock.keep(understood)
    kept = (tmp_path / "warren.lock").read_text()
    again = pipeline.understand(understood.path)
    assert again.recorded == understood.ledger
    (tmp_path / "warren.lock").chmod(0o444)
    lock.keep(again)
    assert (tmp_path / "warren.lock").read_text() == kept


def test_a_folder_that_takes_no_file_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "warren.lock").mkdir()
    done = call("show", "topology", "-f", written(tmp_path, TWO_HOSTS))
    assert done.code == 1
    assert "warren.lock cannot be read" in done.err


def test_what_cannot_be_written_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    understood = pipeline.understand(written(tmp_path))
    monkeypatch.setattr("warren.source.lock_path", lambda path: tmp_path / "nowhere" / "warren.lock")
    with pytest.raises(Refused, match="cannot be written: no such file or directory"):
        lock.keep(understood)
