"""This machine, or any place that a command prefix leads to.

In: a prefix of words such as `nsenter ...`. Out: results of `sh`. Never interprets what the script prints.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass

from warren.hosts.base import Result, Unreachable


@dataclass(frozen=True, slots=True)
class LocalHost:
    """Runs scripts with `sh` behind `prefix`. The script travels on the argument list only when stdin is needed."""

    name: str
    prefix: tuple[str, ...] = ()

    def run(self, script: str, stdin: bytes = b"", timeout: float = 60.0) -> Result:
        """See `Host.run`. A script without input of its own is fed to `sh -s`, so its size has no limit."""
        given = stdin or script.encode()
        command = ("sh", "-c", script) if stdin else ("sh", "-s")
        try:
            done = subprocess.run(
                [*self.prefix, *command], input=given, capture_output=True, timeout=timeout, check=False
            )
        except subprocess.TimeoutExpired as late:
            raise Unreachable(f"{self.name} did not finish within {timeout:g} seconds") from late
        except OSError as gone:
            raise Unreachable(f"{self.name} cannot be entered: {gone.strerror}") from gone
        return Result(done.returncode, done.stdout, done.stderr)
