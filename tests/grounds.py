"""Grounds that many tests share: what surrounds a hand-made topology, and one that answers from a table.

In: nothing. Out: surroundings and a ground in memory. Never sends a packet.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any, BinaryIO

from warren.probe.ground import Address, Running, Segment, Surroundings

Answers = Callable[[dict[str, Any]], dict[str, Any] | None]


def addresses(*written: str) -> tuple[Address, ...]:
    """Addresses from texts."""
    return tuple(ip_address(each) for each in written)


AROUND = Surroundings(
    seen={
        "internet": addresses("198.51.100.7", "2001:db8:ffff::7"),
        "internet2": addresses("192.0.2.77", "2001:db8:fffe::77"),
        "lan:home": addresses("198.18.1.1", "2001:db8:a001::32"),
        "home": addresses("198.18.1.1", "2001:db8:a001::a"),
        "vps": addresses("203.0.113.10", "2001:db8:10::10"),
    },
    lans={
        "lan:home": Segment(
            addresses("192.168.2.50", "2001:db8:a001::32"),
            {"home": addresses("192.168.2.10", "2001:db8:a001::a")},
        )
    },
    server=addresses("192.0.2.53", "2001:db8:fffd::53"),
    neighbour_ports=(80,),
)


class Stopped:
    """A program that has nothing to say but this."""

    def __init__(self, said: bytes) -> None:
        self.said = said

    def stop(self, timeout: float = 10.0) -> bytes:
        return self.said


class Pretended:
    """A ground in memory; `answers` says what the prober would read, None for silence."""

    def __init__(self, places: Mapping[str, str], answers: Answers, around: Surroundings = AROUND) -> None:
        self.places, self.answers, self.around = places, answers, around
        self.plans: list[dict[str, Any]] = []
        self.started: list[tuple[str, dict[str, Any]]] = []

    def namespaces(self) -> Mapping[str, str]:
        return self.places

    def surroundings(self) -> Surroundings:
        return self.around

    def uplinks(self) -> Mapping[str, str]:
        return {"home": "router:home"}

    def run_program(self, program: Path, stdin: bytes, timeout: float) -> bytes:
        plan = json.loads(stdin)
        self.plans.append(plan)
        if program.name == "scanner.py":
            return json.dumps({"tcp": plan["again_tcp"], "udp": plan["again_udp"], "seconds": 1.0}).encode()
        results = []
        for probe in plan["probes"]:
            answer = self.answers(probe)
            error = None if answer else "timeout"
            results.append({"id": probe["id"], "answer": answer, "error": error, "connected": False, "ms": 1.0})
        return json.dumps({"results": results}).encode()

    def start_program(self, program: Path, first_line: bytes, stdout: BinaryIO | None = None) -> Running:
        self.started.append((program.name, json.loads(first_line)))
        return Stopped(b'{"tried": 20, "sent": 10, "lost": 0}\n')
