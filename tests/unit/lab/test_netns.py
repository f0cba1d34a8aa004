"""How a command enters a place, and how its output is gathered."""

from __future__ import annotations

import os
import subprocess
import time

import pytest

from warren.lab import netns


def test_an_own_user_namespace_is_not_entered() -> None:
    words = netns.enter(os.getpid())
    assert words[:3] == ("nsenter", "--target", str(os.getpid()))
    assert "--user" not in words


def test_the_path_knows_where_debian_keeps_nft(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/usr/sbin")
    assert netns.environment()["PATH"] == "/usr/bin:/usr/sbin:/usr/local/sbin:/sbin"


def collected(script: str, limit: float = 10) -> list[bytes] | None:
    with subprocess.Popen(["sh", "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout and running.stderr
        outputs = netns._collect(running, (running.stdout, running.stderr), time.monotonic() + limit)
        running.kill()
        return outputs


def test_everything_that_was_said_is_kept() -> None:
    assert collected("echo out; echo err >&2; seq 1 20000 | tail -c 200000") is not None
    out, err = collected("seq 1 30000; echo err >&2") or (b"", b"")
    assert (len(out.split()), err) == (30000, b"err\n")


def test_a_daemon_that_keeps_the_pipes_is_not_waited_for() -> None:
    begun = time.monotonic()
    assert collected("sleep 3 & echo started") == [b"started\n", b""]
    assert time.monotonic() - begun < 2


def test_a_limit_is_a_limit() -> None:
    assert collected("sleep 5", limit=0.1) is None
