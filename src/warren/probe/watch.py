"""Watches the uplinks of homes while services send.

In: the ground, and for each service that must not be heard there its sinks. Out: captures and counts. Never says what a
leak is.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from warren.probe.ground import PROGRAMS, Address, Ground, Running

INTERVAL = 0.01


@dataclass(frozen=True, slots=True)
class Captured:
    """What crossed one uplink: a pcap file's bytes; `lost` packets came too fast to be taken."""

    uplink: str
    pcap: bytes
    lost: int


@dataclass(frozen=True, slots=True)
class Watched:
    """All uplinks of a time, and how many packets the services tried to send and were allowed to send."""

    captures: tuple[Captured, ...]
    tried: int
    sent: int


class Watch:
    """A watch that runs; begun before the network is built, it hears the first packet."""

    def __init__(self, ground: Ground, sinks: Mapping[str, tuple[Address, ...]]) -> None:
        spaces = ground.namespaces()
        self._files: dict[str, BinaryIO] = {}
        self._captures: dict[str, Running] = {}
        for uplink, place in ground.uplinks().items():
            file = tempfile.TemporaryFile()
            self._files[uplink] = file
            line = json.dumps({"netns": spaces[place]}).encode() + b"\n"
            self._captures[uplink] = ground.start_program(PROGRAMS / "capture.py", line, file)
        senders = [_sender(name, spaces[name], where) for name, where in sinks.items() if name in spaces]
        line = json.dumps({"interval": INTERVAL, "senders": senders}).encode() + b"\n"
        self._sender = ground.start_program(PROGRAMS / "sender.py", line)

    def stop(self) -> Watched:
        """End the sender first, so that nothing is sent unseen."""
        counts = _said(self._sender.stop())
        captures = tuple(self._stop(uplink) for uplink in self._captures)
        return Watched(captures, int(counts.get("tried", 0)), int(counts.get("sent", 0)))

    def _stop(self, uplink: str) -> Captured:
        said = _said(self._captures[uplink].stop())
        with self._files[uplink] as file:
            file.seek(0)
            return Captured(uplink, file.read(), int(said.get("lost", 0)))


def _sender(name: str, netns: str, sinks: tuple[Address, ...]) -> dict[str, Any]:
    families = {f"ipv{v}": [str(a) for a in sinks if a.version == v] for v in (4, 6)}
    return {"name": name, "netns": netns, "sinks": families}


def _said(text: bytes) -> dict[str, Any]:
    """The last line of what a program wrote at its end."""
    lines = text.strip().splitlines()
    try:
        found = json.loads(lines[-1]) if lines else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
