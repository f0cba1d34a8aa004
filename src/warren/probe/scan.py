"""Every port of an address, seen from outside.

In: an address and the ports that should answer. Out: the ports that did. Never compares the two.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from warren.probe.ground import PROGRAMS, Address, Fault, Ground

RATE = 50_000
ALL = (0, 65536)


@dataclass(frozen=True, slots=True)
class Scanned:
    """The ports that answered, and the time it took in seconds."""

    tcp: tuple[int, ...]
    udp: tuple[int, ...]
    seconds: float


def scan(
    ground: Ground,
    place: str,
    address: Address,
    tcp: Iterable[int],
    udp: Iterable[int],
    proved: Iterable[int] = (),
    watch: Iterable[str] = (),
) -> Scanned:
    """Scan `address` from `place`.

    `tcp` and `udp` should answer, so they get a second chance. `proved` are TCP ports that have just answered under a
    limit which one more packet could use up: they count as open. `watch` are places whose connection tables must not
    fill.
    """
    spaces, known = ground.namespaces(), frozenset(proved)
    plan = {
        "netns": spaces[place],
        "address": str(address),
        "tcp": ALL,
        "udp": ALL,
        "again_tcp": sorted(set(tcp) - known),
        "again_udp": sorted(udp),
        "skip_tcp": sorted(known),
        "rate": RATE,
        "watch": [spaces[w] for w in watch if w in spaces],
    }
    text = ground.run_program(PROGRAMS / "scanner.py", json.dumps(plan).encode(), 180.0)
    try:
        found = json.loads(text)
        return Scanned(tuple(sorted({*found["tcp"], *known})), tuple(found["udp"]), float(found["seconds"]))
    except (ValueError, KeyError, TypeError) as problem:
        raise Fault(f"the scanner wrote no results: {text[:200]!r}") from problem
