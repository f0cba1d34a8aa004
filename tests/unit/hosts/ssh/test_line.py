"""One connection and the sessions on it."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tests.unit.hosts.ssh import fake
from warren.hosts.ssh.line import LONGEST, connected, runtime, sweep
from warren.hosts.ssh.session import Lost


def soon() -> float:
    return time.monotonic() + 20


def test_sessions_are_used_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake.install(tmp_path, monkeypatch)
    line = connected(fake.TARGET, soon())
    first, second = line.borrow(soon()), line.borrow(soon())
    assert fake.log(tmp_path) == ["connect", "join"]
    line.give_back(second)
    assert line.borrow(soon()) is second
    second.usable = False
    line.give_back(second)
    assert not second.alive
    first.usable = False
    line.give_back(first)
    assert line.alive
    line.close()
    assert not line.alive
    assert not line.folder.exists()


def test_what_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake.install(tmp_path, monkeypatch)
    fake.goes_wrong(tmp_path, "echo 'Connection refused' >&2; exit 255")
    with pytest.raises(Lost, match="Connection refused"):
        connected(fake.TARGET, soon())
    assert not list(tmp_path.glob("wrn-*"))


def test_its_last_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake.install(tmp_path, monkeypatch)
    line = connected(fake.TARGET, soon())
    assert line.last_words() == ""
    session = line.borrow(soon())
    with pytest.raises(Lost):
        session.run(f"echo 'Timeout, server not responding.' >&2; {fake.cut(tmp_path)}", b"", soon())
    assert line.last_words() == "Timeout, server not responding.\n"
    line.close()


def test_what_was_left_by_the_killed_is_swept(tmp_path: Path) -> None:
    names = ["wrn-999999999-abc", f"wrn-{os.getpid()}-abc", "wrn-x-abc", "other"]
    for name in names:
        (tmp_path / name).mkdir()
    sweep(tmp_path)
    assert len(list(tmp_path.iterdir())) == 4
    for name in names:
        os.utime(tmp_path / name, (0, 0))
    sweep(tmp_path)
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted(names[1:])


def test_a_folder_for_sockets_is_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert runtime() == str(tmp_path) or len(str(tmp_path)) > LONGEST
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/no/such/folder")
    assert len(runtime()) <= LONGEST
