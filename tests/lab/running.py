"""Labs for tests: built, and gone when the test is.

In: a topology. Out: a running lab of a name that no other test has. Never leaves one behind.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager

from warren.lab.build import build
from warren.lab.lab import Lab
from warren.topology.model import Topology

_numbers = itertools.count()


@contextmanager
def running(topology: Topology) -> Iterator[Lab]:
    """A lab for the time of a `with`; it ends with the tests however they end."""
    lab = build(topology, f"test-{os.getpid()}-{next(_numbers)}", tied=True)
    try:
        yield lab
    finally:
        lab.down()


def said(lab: Lab, place: str, script: str) -> str:
    """What a script says at a place; it must succeed."""
    result = lab.run(place, "sh", "-c", script)
    assert result.code == 0, result.stderr.decode()
    return result.stdout.decode().strip()
