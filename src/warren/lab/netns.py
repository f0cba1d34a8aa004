"""A lab host as a carrier of scripts: the same interface as a host reached by ssh.

In: the process that holds a place's namespaces. Out: commands that enter it, and results of scripts. Never waits for
what a script left running.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import IO

from warren.hosts.base import Result, Unreachable

SBIN = ("/usr/local/sbin", "/usr/sbin", "/sbin")
# What a login over ssh would find, whoever runs the lab.
LOGIN = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/root",
    "USER": "root",
    "SHELL": "/bin/sh",
    "LANG": "C.UTF-8",
}


def enter(pid: int) -> tuple[str, ...]:
    """The words that lead a command into all namespaces of a process of a lab."""
    user = ("--user", "--preserve-credentials") if _own_user_namespace(pid) else ()
    # With the root of the process: it may be a chroot.
    return ("nsenter", "--target", str(pid), *user, "--mount", "--uts", "--net", "--pid", "--root", "--")


def _own_user_namespace(pid: int) -> bool:
    return os.stat(f"/proc/{pid}/ns/user").st_ino != os.stat("/proc/self/ns/user").st_ino


def environment() -> Mapping[str, str]:
    """The caller's own environment, with the folders where Debian keeps what only root uses."""
    path = os.environ.get("PATH", LOGIN["PATH"])
    return {**os.environ, "PATH": os.pathsep.join([path, *(s for s in SBIN if s not in path.split(os.pathsep))])}


@dataclass(frozen=True, slots=True)
class LabHost:
    """Runs scripts as root of a lab host. See `hosts.base.Host`."""

    name: str
    pid: int

    def run(self, script: str, stdin: bytes = b"", timeout: float = 60.0) -> Result:
        """Run a script; what it leaves running keeps running, and does not keep the caller."""
        try:
            return run_behind(enter(self.pid), self.name, script, stdin, timeout)
        except OSError as gone:
            raise Unreachable(f"{self.name} cannot be entered: {gone.strerror}") from gone


def run_behind(words: Sequence[str], name: str, script: str, stdin: bytes, timeout: float) -> Result:
    """Run a script with `sh` behind words that lead into a place."""
    text, given = _in_memory("script", script.encode()), _in_memory("stdin", stdin)
    try:
        # By a descriptor, because one argument may not be longer than 128 KiB.
        argv = [*words, "sh", f"/proc/self/fd/{text}"]
        with subprocess.Popen(
            argv, stdin=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, pass_fds=(text,),
            env=LOGIN, start_new_session=True,
        ) as running:  # fmt: skip
            return _result(running, name, timeout)
    finally:
        os.close(text)
        os.close(given)


def _result(running: subprocess.Popen[bytes], name: str, timeout: float) -> Result:
    assert running.stdout and running.stderr
    streams: Sequence[IO[bytes]] = (running.stdout, running.stderr)
    outputs = _collect(running, streams, time.monotonic() + timeout)
    if outputs is None:
        with suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        raise Unreachable(f"{name} did not finish within {timeout:g} seconds")
    return Result(running.wait(), *outputs)


def _in_memory(name: str, content: bytes) -> int:
    descriptor = os.memfd_create(name)
    with open(descriptor, "wb", closefd=False) as file:
        file.write(content)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _collect(running: subprocess.Popen[bytes], streams: Sequence[IO[bytes]], until: float) -> list[bytes] | None:
    """Read until the process ends, then what is still there; a daemon that holds the pipes is not waited for."""
    parts: dict[int, list[bytes]] = {stream.fileno(): [] for stream in streams}
    ended = os.pidfd_open(running.pid)
    try:
        with selectors.DefaultSelector() as waiting:
            for descriptor in (*parts, ended):
                waiting.register(descriptor, selectors.EVENT_READ)
            while ended in waiting.get_map():
                ready = waiting.select(until - time.monotonic())
                if not ready:
                    return None
                # Output first: the end is only the end once a round brings nothing else.
                descriptors = {int(key.fd) for key, _ in ready}
                for descriptor in descriptors & set(parts) or descriptors:
                    if descriptor == ended or not _read(descriptor, parts):
                        waiting.unregister(descriptor)
    finally:
        os.close(ended)
    return [b"".join(parts[stream.fileno()]) for stream in streams]


def _read(descriptor: int, parts: dict[int, list[bytes]]) -> bool:
    """Take what is there; False when there will be no more."""
    part = os.read(descriptor, 65536)
    parts[descriptor].append(part)
    return bool(part)
