"""`warren trace` on real packets, and that nothing of it stays, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tests.faults.bench import NETWORK, Bench, bench

pytestmark = [pytest.mark.netns]

TABLES = "nft list tables; ls /run/warren 2>/dev/null | grep trace || :"


@pytest.fixture(scope="module")
def shared() -> Iterator[Bench]:
    with bench() as made:
        yield made


def started(shared: Bench, *words: str) -> subprocess.Popen[str]:
    """`warren trace` in a process of its own."""
    argv = [sys.executable, "-m", "warren", "trace", "-f", str(NETWORK), "--lab", shared.lab.name, *words]
    # What a shell starts in the background ignores an interrupt, and so would everything below these tests.
    argv = ["env", "--default-signal=INT", *argv]
    return subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, env={**os.environ, "NO_COLOR": "1"})


def watched(shared: Bench) -> bool:
    return "warren_trace" in shared.on("vps", TABLES)


def until(wanted: bool, shared: Bench, limit: float) -> bool:
    """Whether it is watched, or not any more, within a time."""
    end = time.monotonic() + limit
    while watched(shared) != wanted:
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def test_packets_are_followed_through_both_hosts(shared: Bench) -> None:
    with started(shared, "internet", "game.query", "--for", "4", "--knock") as running:
        said, _ = running.communicate(timeout=60)
    lines = said.splitlines()
    first = next(line for line in lines if line.startswith("vps") and "->" in line and "198.51.100.7" in line)
    assert "in by eth0; the target becomes 10.86.1.4:12346 (network.yaml:45); it is exposed (network.yaml:45)" in first
    assert first.endswith("goes out by wrn-vps (network.yaml:6)")
    assert any(line.startswith("home") and "goes out by v-game" in line for line in lines)
    assert any(line.startswith("vps") and "<-" in line and "goes out by eth0" in line for line in lines)
    assert not watched(shared)


def test_nothing_stays_when_it_is_killed(shared: Bench) -> None:
    with started(shared, "internet", "game.query", "--for", "60") as running:
        assert until(True, shared, 30)
        running.send_signal(signal.SIGKILL)
    assert until(False, shared, 15)
    assert "trace" not in shared.on("home", TABLES)


def test_nothing_stays_when_the_watch_itself_is_killed(shared: Bench) -> None:
    with started(shared, "internet", "game.query", "--for", "60") as running:
        assert until(True, shared, 30)
        shared.on("vps", "kill -9 $(pidof nft)")
        assert until(False, shared, 1), "the kernel takes the table away with its owner"
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=60)
    assert not watched(shared)
