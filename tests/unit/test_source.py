"""source: text out of files, sentences where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from warren.basis.diagnostic import Refused
from warren.source import lock_path, read, read_ledger
from warren.spec.load import Document
from warren.topology.ledger import HostEntry, Ledger


def test_reads_text_under_the_name_that_the_user_wrote(tmp_path: Path) -> None:
    path = tmp_path / "warren.yaml"
    path.write_text("version: 1\n")
    assert read(path) == Document(str(path), "version: 1\n")


def test_a_missing_file_is_a_sentence_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        read(tmp_path / "warren.yaml")
    [one] = refused.value.diagnostics
    assert one.summary.endswith("cannot be read: no such file or directory")
    assert one.hint == "`warren init` writes one to start from"


def test_a_directory_and_a_pipe_are_not_read(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="not a regular file"):
        read(tmp_path)
    with pytest.raises(Refused, match="not a regular file"):
        read(Path("/dev/zero"))


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "warren.yaml"
    with path.open("wb") as file:
        file.truncate(17 << 20)
    with pytest.raises(Refused, match="larger than 16 MiB"):
        read(path)


def test_other_encodings_are_refused_at_their_first_byte(tmp_path: Path) -> None:
    path = tmp_path / "warren.yaml"
    path.write_bytes(b"version: 1\nx: \xfcber\n")
    with pytest.raises(Refused) as refused:
        read(path)
    [one] = refused.value.diagnostics
    assert one.place is not None and (one.place.line, one.place.column) == (2, 4)


def test_the_ledger_stands_beside_the_file_and_may_be_missing(tmp_path: Path) -> None:
    path = tmp_path / "warren.yaml"
    assert read_ledger(path) == Ledger()
    ledger = Ledger({"vps": HostEntry(0, (0,), 51820)})
    (tmp_path / "warren.lock").write_text(ledger.text())
    assert read_ledger(path) == ledger
    (tmp_path / "warren.lock").unlink()
    (tmp_path / "warren.lock").mkdir()
    with pytest.raises(Refused, match=r"warren\.lock cannot be read"):
        read_ledger(path)


def test_another_file_has_another_lock() -> None:
    assert lock_path(Path("a/warren.yaml")) == Path("a/warren.lock")
    assert lock_path(Path("a/home.yaml")) == Path("a/home.lock")
