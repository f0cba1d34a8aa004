"""Questions to be asked on the ground, and their outcomes.

In: probes and the ground. Out: one outcome for each probe, in the same order. Never decides whether an outcome is
right.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from warren.probe.ground import PROGRAMS, Address, Fault, Ground

WINDOW = 2000


@dataclass(frozen=True, slots=True)
class Probe:
    """One question: a line, or a `payload`, sent from `place` to an address and port; `timeout` in seconds."""

    place: str
    address: Address
    port: int
    protocol: str
    timeout: float
    payload: bytes = b"?\n"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came back: who answered, at which port, and the address that it saw; or why nothing did.

    `connected` is true where a TCP connection was made, answered or not. `ms` is the time it took. Where hosts watch
    (see `lookout`): the hosts that a datagram came to, where it got to the door of a service, where to the host itself.
    """

    by: str | None = None
    port: int | None = None
    peer: str | None = None
    error: str | None = None
    connected: bool = False
    ms: float = 0.0
    came: tuple[str, ...] = ()
    through: tuple[str, ...] = ()
    own: tuple[str, ...] = ()

    @property
    def arrived(self) -> bool:
        """Something at the other end took the packet."""
        return self.by is not None or self.connected or bool(self.through or self.own)

    @property
    def answered(self) -> bool:
        """Something came back, in another language than ours."""
        return self.arrived or self.error == "no answer"


def ask(ground: Ground, probes: Sequence[Probe], after: float = 0.0, window: int = WINDOW) -> list[Outcome]:
    """Ask all of them at once, `after` seconds from now; at most `window` wait for an answer at a time."""
    if not probes:
        return []
    time.sleep(after)
    spaces = ground.namespaces()
    known = [(n, p) for n, p in enumerate(probes) if p.place in spaces]
    plan = {"window": window, "probes": [_written(n, p, spaces[p.place]) for n, p in known]}
    longest = max(p.timeout for p in probes)
    limit = 30 + longest * (2 + len(probes) / window)
    answered = _results(ground.run_program(PROGRAMS / "prober.py", json.dumps(plan).encode(), limit))
    return [answered.get(n, Outcome(error="absent")) for n in range(len(probes))]


def _written(number: int, probe: Probe, netns: str) -> dict[str, Any]:
    return {
        "id": number,
        "netns": netns,
        "address": str(probe.address),
        "port": probe.port,
        "protocol": probe.protocol,
        "timeout": probe.timeout,
        "payload": probe.payload.decode("latin-1"),
    }


def _results(text: bytes) -> dict[int, Outcome]:
    try:
        return {int(r["id"]): _outcome(r) for r in json.loads(text)["results"]}
    except (ValueError, KeyError, TypeError) as problem:
        raise Fault(f"the prober wrote no results: {text[:200]!r}") from problem


def _outcome(result: dict[str, Any]) -> Outcome:
    answer = result["answer"] or {}
    by, port, peer = answer.get("service"), answer.get("port"), answer.get("peer")
    return Outcome(
        by=str(by) if by is not None else None,
        port=port if isinstance(port, int) else None,
        peer=str(peer) if peer is not None else None,
        error=result["error"],
        connected=bool(result["connected"]),
        ms=float(result["ms"]),
    )
