"""One change of a lab at a time, as on real hosts.

In: a lab. Out: held, or a refusal. Never outlives whoever holds: the kernel lets go with the process.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from warren.lab import door
from warren.lab.lab import Lab

FILE = "changing"


@contextmanager
def held(lab: Lab) -> Iterator[None]:
    """Nobody else changes it meanwhile. Raises `Refused` where somebody does."""
    try:
        file = lab.path(FILE).open("w")
    except OSError:
        raise door.refuse("gone", f"lab `{lab.name}` does not run any more") from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            hint = "try again when that has ended"
            raise door.refuse("busy", f"lab `{lab.name}` is being changed by another command", hint) from None
        yield
