"""What is worked out for each family, both at once: IPv6 in a process of its own where there is a core for it.

In: work that depends on a family alone. Out: what it came to for each. Never another result than one after the other,
and never a process that outlives the call.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from typing import TypeVar

T = TypeVar("T")

HERE, THERE = 4, 6
# From so many services on, a second process pays.
MANY = 100


def in_families(work: Callable[[int], T], large: bool) -> dict[int, T]:
    """The work for 4 and for 6; what it gives for 6 is copied between processes. Small work stays in this process."""
    with _uncollected():
        if large and _may_fork():
            return _at_once(work)
        return {HERE: work(HERE), THERE: work(THERE)}


@contextmanager
def _uncollected() -> Iterator[None]:
    """Sets of headers are tuples of numbers without cycles: looking for some takes a quarter of the time."""
    wanted = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if wanted:
            gc.enable()


def _may_fork() -> bool:
    """Not beside other threads: one of them could hold a lock that nobody gives back in the child."""
    return threading.active_count() == 1 and hasattr(os, "fork") and len(os.sched_getaffinity(0)) > 1


def _at_once(work: Callable[[int], T]) -> dict[int, T]:
    # What the child inherits need not be sent to it: only its answer is.
    forking = multiprocessing.get_context("fork")
    reading, writing = forking.Pipe(duplex=False)
    child = forking.Process(target=_answer, args=(work, writing), daemon=True)
    child.start()
    writing.close()
    try:
        here = work(HERE)
        there: tuple[T] | None = _answer_of(reading)
    finally:
        reading.close()
        child.kill()  # it has told everything, or nobody listens any more
        child.join()
    # A child that failed says nothing: here it fails with its reason, or with more memory not at all.
    return {HERE: here, THERE: work(THERE) if there is None else there[0]}


def _answer(work: Callable[[int], T], writing: Connection) -> None:
    with suppress(BaseException):
        writing.send((work(THERE),))


def _answer_of(reading: Connection) -> tuple[T] | None:
    try:
        told: tuple[T] = reading.recv()
    except (EOFError, OSError):
        return None
    return told
