"""Asking the stand-ins: starts them where they do not run yet, and tells them who listens where.

In: a lab's name and files, and the request of `listeners.py`. Out: what listens, what is missing, what was
refused. Never opens a port itself.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from warren.lab import door, inside

START_LIMIT = 10.0
ANSWER_LIMIT = 60.0


@dataclass(frozen=True, slots=True)
class Standing:
    """How many sockets listen; the places that do not exist yet; sentences about ports that cannot be had."""

    open: int
    missing: tuple[str, ...]
    failed: tuple[str, ...]


def stand(lab: str, path: Path, wanted: Mapping[str, Any]) -> Standing:
    """Have these stand-ins and no others; connections to those that stay are not cut."""
    with _connect(path) or _start(lab, path) as caller:
        caller.settimeout(ANSWER_LIMIT)
        caller.sendall(json.dumps(wanted).encode() + b"\n")
        with caller.makefile("rb") as stream:
            answer = json.loads(stream.readline() or b'{"error": "they ended"}')
    if trouble := answer.get("error"):
        raise door.refuse("stand-ins", f"the stand-ins of lab `{lab}`: {trouble}")
    return Standing(answer["open"], tuple(answer["missing"]), tuple(answer["failed"]))


def _connect(path: Path) -> socket.socket | None:
    caller = socket.socket(socket.AF_UNIX)
    with suppress(FileNotFoundError, ConnectionRefusedError):
        caller.connect(str(path))
        return caller
    caller.close()
    return None


def _start(lab: str, path: Path) -> socket.socket:
    door.ask(lab, {"do": "spawn", "name": "stand-in", "argv": inside.command("stand_in", lab)})
    until = time.monotonic() + START_LIMIT
    while time.monotonic() < until:
        if caller := _connect(path):
            return caller
        time.sleep(0.003)
    raise door.refuse("stand-ins", f"the stand-ins of lab `{lab}` did not start")
