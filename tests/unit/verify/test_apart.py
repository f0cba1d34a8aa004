"""apart: both families at once, and nothing left behind."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from warren.verify import apart
from warren.verify.apart import in_families


@dataclass(frozen=True)
class Told:
    version: int
    where: int
    collected: bool


def told(version: int) -> Told:
    return Told(version, os.getpid(), gc.isenabled())


@pytest.fixture
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_may_fork", lambda: True)


def test_large_work_is_done_in_two_processes_and_small_work_in_one(two_cores: None) -> None:
    large, small = in_families(told, True), in_families(told, False)
    assert [each.version for each in large.values()] == [4, 6] == list(large)
    assert large[4].where == os.getpid() != large[6].where
    assert {each.where for each in small.values()} == {os.getpid()}


@pytest.fixture
def collecting() -> Iterator[None]:
    """The collector on, whatever ran before: a command switches it off for its whole life."""
    wanted = gc.isenabled()
    gc.enable()
    yield
    (gc.enable if wanted else gc.disable)()


def test_nothing_is_collected_meanwhile_and_afterwards_as_before(two_cores: None, collecting: None) -> None:
    assert not any(each.collected for large in (True, False) for each in in_families(told, large).values())
    assert gc.isenabled()
    gc.disable()
    in_families(told, True)
    assert not gc.isenabled()


def test_no_child_outlives_the_call(two_cores: None) -> None:
    in_families(told, True)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_what_fails_in_the_child_fails_here(two_cores: None) -> None:
    def work(version: int) -> int:
        if version == 6:
            raise ValueError("unclear")
        return version

    with pytest.raises(ValueError, match="unclear"):
        in_families(work, True)


def test_what_fails_here_does_not_wait_for_the_child(two_cores: None) -> None:
    def work(version: int) -> int:
        if version == 4:
            raise ValueError("unclear")
        threading.Event().wait(60)
        return version

    with pytest.raises(ValueError, match="unclear"):
        in_families(work, True)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_a_child_that_dies_is_done_without(two_cores: None) -> None:
    parent = os.getpid()

    def work(version: int) -> int:
        if os.getpid() != parent:
            os._exit(1)
        return version

    assert in_families(work, True) == {4: 4, 6: 6}


def test_not_beside_other_threads() -> None:
    wait = threading.Event()
    beside = threading.Thread(target=wait.wait)
    beside.start()
    found = in_families(told, True)
    wait.set()
    beside.join()
    assert found[6].where == os.getpid()


def test_long_answers_come_whole(two_cores: None) -> None:
    assert {len(each) for each in in_families(lambda version: bytes([version]) * 3_000_000, True).values()} == {
        3_000_000
    }
