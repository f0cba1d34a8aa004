"""Verify on real hosts: what is tried there, and what is left to the lab and to the proof."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import BinaryIO

import pytest

from tests.spec_texts import BASE, resolved
from warren.probe.ask import Outcome, Probe
from warren.probe.ground import Running, Surroundings
from warren.topology.model import Topology
from warren.verify.afield import places, seen, tried, untried, verify_real
from warren.verify.declared import INTERNET, declared
from warren.verify.flow import Flow
from warren.verify.report import sentences
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


def flows(topology: Topology) -> tuple[Flow, ...]:
    """All that is tried."""
    ground = Standing(topology)
    at = world(topology, ground.surroundings())
    return tried(at, declared(topology, ground.surroundings()), ground.namespaces())


def answering(listens: Callable[[Probe], bool]) -> Callable[..., list[Outcome]]:
    """A network in which that connects for which `listens` says so."""

    def ask(ground: object, probes: list[Probe], after: float = 0.0) -> list[Outcome]:
        return [Outcome(connected=True) if listens(each) else Outcome(error="timeout") for each in probes]

    return ask


def test_only_connections_are_tried_and_open_ones_only_where_something_listens() -> None:
    found = flows(resolved(TEXT))
    assert {flow.protocol.value for flow in found} == {"tcp"}
    assert all(flow.real for flow in found)
    opened = {(f.source, f.target, f.port) for f in found if f.open}
    assert {("web", "tool", 7000), (INTERNET, "web", 8080), ("home", "tool", 7000)} <= opened
    assert not any(port == 7777 for _, _, port in opened)
    assert any(not f.open and f.port == 7777 for f in found)


def test_doors_for_some_are_not_asked_from_an_address_that_nobody_knows() -> None:
    found = flows(resolved(TEXT))
    assert not [f for f in found if f.source == INTERNET and f.port == 9000]


def test_ways_that_leave_by_a_home_are_not_asked_and_those_that_cannot_leave_are() -> None:
    topology = resolved(TEXT)
    public = {address for host in topology.gateways for address in host.public}
    sources = {f.source for f in flows(topology) if f.address in public}
    assert "home" not in sources and {"tool", "vps", INTERNET} <= sources


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


def test_what_is_left_out_is_said() -> None:
    topology = resolved(TEXT)
    assert len(list(untried(topology, Standing(topology).namespaces()))) == 2
    alone = list(untried(topology, Standing(topology, ()).namespaces()))
    assert alone[0].startswith("this machine is one of the hosts")
