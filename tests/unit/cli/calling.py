"""The command line as a function, for tests.

In: words. Out: exit code, stdout and stderr. Never starts a process.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from warren.cli.main import main
from warren.hosts.base import Result
from warren.hosts.fake.host import FakeHost

TWO_HOSTS = """\
version: 1
network: {name: small}
hosts:
  vps: {public: 203.0.113.10}
  home: {lan: 192.168.2.0/24, egress: vps}
services:
  db:
    host: home
    image: postgres:17
    ports: {sql: 5432}
    egress: none
  game:
    host: home
    image: game:1
    ports: {play: 12345/udp}
    needs: [db.sql]
    expose: [{port: 12345/udp, to: play}]
"""


class Timed(FakeHost):
    """A host in memory that has a clock."""

    def run(self, script: str, stdin: bytes = b"", timeout: float = 60.0) -> Result:
        """See `Host.run`."""
        if script == "date +%s" and not self.away:
            return Result(0, b"1000\n", b"")
        return FakeHost.run(self, script, stdin, timeout)


@dataclass(frozen=True, slots=True)
class Bench:
    """Hosts in memory that stand where a lab would."""

    hosts: dict[str, Timed]


@contextmanager
def bench(*names: str) -> Iterator[dict[str, Timed]]:
    """Commands act on hosts in memory."""
    hosts = {name: Timed(name) for name in names or ("vps", "home")}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("warren.cli.ground.ground", lambda topology, lab, only=None: Bench(hosts))
        yield hosts


@dataclass(frozen=True, slots=True)
class Called:
    """What a call left."""

    code: int
    out: str
    err: str


def call(*words: str | Path) -> Called:
    """`warren WORDS`; a fault of ours fails the test with its traceback."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.MonkeyPatch.context() as patch:
        patch.setenv("WARREN_DEBUG", "1")
        code = main([str(word) for word in words])
    return Called(code, out.getvalue(), err.getvalue())


def written(folder: Path, text: str = TWO_HOSTS) -> Path:
    """A file of a network."""
    path = folder / "warren.yaml"
    path.write_text(text)
    return path
