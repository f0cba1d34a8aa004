"""A lab of a file, with everything that runs in it, and words for asking it.

In: the text of a file. Out: a lab that is applied, and what its places say. Never leaves one behind.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from warren import pipeline
from warren.cli import laboratory, lock
from warren.hosts.base import Result
from warren.lab.build import build
from warren.lab.lab import Lab
from warren.lab.proving import Proving
from warren.topology.model import Topology
from warren.verify import Report, verify

_numbers = itertools.count()


@dataclass(slots=True)
class World:
    """A lab and the file that it was built for."""

    lab: Lab
    path: Path
    topology: Topology

    def say(self, text: str) -> None:
        """Change the file, and the lab after it."""
        self.path.write_text(text)
        understood = pipeline.understand(self.path)
        lock.keep(understood)
        self.topology = understood.topology
        done = laboratory.settle(self.lab, self.topology, lambda host, words: None)
        assert done.succeeded, done.failure

    def run(self, place: str, script: str, timeout: float = 60) -> Result:
        """A script at a place."""
        return self.lab.run(place, "sh", "-c", script, timeout=timeout)

    def said(self, place: str, script: str, timeout: float = 60) -> str:
        """What a script says that must succeed."""
        done = self.run(place, script, timeout)
        assert done.code == 0, f"{place}: {script}\n{done.stdout.decode()}{done.stderr.decode()}"
        return done.stdout.decode().strip()

    def asked(self, place: str, *words: str) -> str:
        """The answer to a question for a name, in short."""
        return self.said(place, f"dig +short +time=2 +tries=2 {' '.join(words)} | sort | tr '\\n' ' '").strip()

    def code(self, place: str, *words: str) -> str:
        """The response code of an answer, empty where there is none."""
        done = self.run(place, f"dig +time=1 +tries=1 {' '.join(words)} | sed -n 's/.*status: \\([A-Z]*\\),.*/\\1/p'")
        return done.stdout.decode().strip()

    def flags(self, place: str, *words: str) -> list[str]:
        """The flags of an answer."""
        return self.said(
            place, f"dig +time=2 +tries=2 {' '.join(words)} | sed -n 's/^;; flags: \\([a-z ]*\\);.*/\\1/p'"
        ).split()

    def connects(self, place: str, address: str, port: int) -> bool:
        """Whether a TCP connection is accepted within a second or two."""
        return not self.run(place, f"timeout 2 bash -c 'exec 3<>/dev/tcp/{address}/{port}'").code

    def verify(self) -> Report:
        """Everything that is declared, tried."""
        return verify(self.topology, Proving(self.lab, self.topology), scan=False)


@contextmanager
def world(folder: Path, text: str) -> Iterator[World]:
    """A lab for the time of a `with`."""
    path = folder / "warren.yaml"
    path.write_text(text)
    topology = pipeline.understand(path).topology
    lab = build(topology, f"world-{os.getpid()}-{next(_numbers)}", tied=True)
    try:
        made = World(lab, path, topology)
        made.say(text)
        yield made
    finally:
        lab.down()
