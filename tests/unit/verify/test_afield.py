"""Verify on real hosts: what is tried there, and what is left to the lab and to the proof."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import BinaryIO

import pytest

from tests.spec_texts import BASE, resolved
from warren.formats.sockets import Listener
from warren.probe.ask import Outcome, Probe
from warren.probe.ground import Running, Surroundings
from warren.topology.model import Topology
from warren.verify.afield import links, places, seen, spaces, verify_real
from warren.verify.askable import tried
from warren.verify.declared import INTERNET, declared
from warren.verify.flow import Flow
from warren.verify.report import document, reasons, sentences
from warren.verify.world import world

OUTSIDE = (ip_address("198.51.100.7"),)
TEXT = (
    BASE
    + """\
  web: {host: vps, ports: {web: 80, quic: 443/udp}, needs: [tool.api], expose: [{port: 8080, to: web}]}
  tool: {host: home, ports: {api: 7000}, egress: none, expose: [{port: 9000, to: api, at: vps, from: 192.0.2.0/24}]}
expect:
  - web -> tool.api: open
  - internet -> web.quic: closed
"""
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A ground that is never asked."""

    topology: Topology
    outside: tuple[object, ...] = OUTSIDE

    def namespaces(self) -> Mapping[str, str]:
        """Every place."""
        here = {INTERNET: " "} if self.outside else {}
        return {**here, **{place: " ".join(at) for place, at in places(self.topology).items()}}

    def surroundings(self) -> Surroundings:
        """What is known of real hosts."""
        return Surroundings(seen(self.topology, self.outside))  # type: ignore[arg-type]

    def uplinks(self) -> Mapping[str, str]:
        """None."""
        return {}

    def run_program(self, program: Path, stdin: bytes, timeout: float) -> bytes:
        """Not here."""
        raise AssertionError

    def start_program(self, program: Path, first_line: bytes, stdout: BinaryIO | None = None) -> Running:
        """Not here."""
        raise AssertionError


def flows(topology: Topology, with_udp: bool = False) -> tuple[Flow, ...]:
    """All that is tried."""
    ground = Standing(topology)
    at = world(topology, ground.surroundings())
    return tried(at, declared(topology, ground.surroundings()), ground.namespaces(), with_udp)


def answering(listens: Callable[[Probe], bool]) -> Callable[..., list[Outcome]]:
    """A network in which that connects for which `listens` says so."""

    def ask(ground: object, probes: list[Probe], after: float = 0.0) -> list[Outcome]:
        return [Outcome(connected=True) if listens(each) else Outcome(error="timeout") for each in probes]

    return ask


def test_a_hole_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    topology = resolved(TEXT)
    wanted = {(f.source, str(f.address), f.port) for f in flows(topology) if f.open}

    def right(probe: Probe) -> bool:
        return (probe.place, str(probe.address), probe.port) in wanted

    monkeypatch.setattr("warren.verify.rounds.ask", answering(right))
    report = verify_real(topology, Standing(topology))
    assert report.holds and [line.text for line in report.expect] == ["web -> tool.api"]
    target = topology.services["web"].addresses.v4
    monkeypatch.setattr(
        "warren.verify.rounds.ask",
        answering(lambda one: right(one) or (one.place, one.address, one.port) == ("tool", target, 80)),
    )
    [said] = sentences(verify_real(topology, Standing(topology)))
    assert said == f"from tool, port 80/tcp of web at {target} is declared closed, but it connected"


@dataclass(slots=True)
class Eyes:
    """Hosts that see every datagram at its end where `passes` says so, and else where it set out."""

    topology: Topology
    passes: Callable[[Probe], bool]
    blind: dict[str, str] = field(default_factory=dict)
    sent: list[Probe] = field(default_factory=list)

    def ask(self, ground: object, probes: list[Probe], after: float = 0.0, window: int = 1) -> list[Outcome]:
        """See `Lookout.ask`; every connection is made that may be."""
        self.sent += probes
        return [self._outcome(each) for each in probes]

    def _outcome(self, probe: Probe) -> Outcome:
        if not self.passes(probe):
            return Outcome(error="timeout", came=() if probe.protocol == "tcp" else ("home", "vps"))
        return Outcome(connected=True) if probe.protocol == "tcp" else Outcome(came=("vps",), through=("vps", "home"))

    def listening(self, spaces: object) -> dict[str, dict[str, tuple[Listener, ...]]]:
        """One at each port of the file."""
        return {"vps": {"web": (Listener("udp", "*", 443),)}}


def test_datagrams_are_tried_where_hosts_watch() -> None:
    topology = resolved(TEXT)
    found = flows(topology, with_udp=True)
    assert {("vps", "web", 443)} <= {
        (f.source, f.target, f.port) for f in found if f.open and f.protocol.value == "udp"
    }
    wanted = {(f.source, str(f.address), f.port, f.protocol.value) for f in found if f.open}
    eyes = Eyes(topology, lambda one: (one.place, str(one.address), one.port, one.protocol) in wanted)
    report = verify_real(topology, Standing(topology), eyes, scan=False)  # type: ignore[arg-type]
    assert report.holds and len(report.expect) == 2 and not report.untold
    eyes.passes = lambda one: True
    report = verify_real(topology, Standing(topology), eyes, scan=False)  # type: ignore[arg-type]
    assert any("but a datagram came through" in one for one in sentences(report))


def test_where_a_host_cannot_watch_no_datagram_is_sent_to_it() -> None:
    topology = resolved(TEXT)
    eyes = Eyes(topology, lambda one: False, {"vps": "its nft is old"})
    report = verify_real(topology, Standing(topology), eyes, scan=False)  # type: ignore[arg-type]
    ends = {*topology.services["web"].addresses, *topology.hosts["vps"].addresses}
    assert not [one for one in eyes.sent if one.protocol == "udp" and one.address in ends]
    assert [why for why, _ in reasons(report)] == ["vps cannot be watched: its nft is old"]
    told = {line.text: (line.told, line.held) for line in report.expect}
    assert told["internet -> web.quic"] == (False, True)
    assert [one["held"] for one in document(report)["expect"]][-1] is None
    assert document(report)["untold"][0]["flows"] == len(report.untold)


def test_a_place_has_its_links_and_its_namespaces() -> None:
    topology = resolved(TEXT)
    assert spaces(topology) == {"vps": ["web"], "home": []}
    assert links(topology) == {"vps": ["v-blog", "v-web"], "home": ["v-db", "v-tool"]}
