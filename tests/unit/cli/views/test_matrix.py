"""The picture of who reaches whom."""

from __future__ import annotations

from dataclasses import replace

import click

from tests.grounds import AROUND
from tests.topologies import NONE, PREFIX4, PREFIX6, host, service, two_hosts
from warren.basis.address import Protocol
from warren.cli.views import matrix
from warren.probe.ask import Outcome
from warren.topology.model import Pair, Topology
from warren.verify.declared import declared
from warren.verify.flow import Flow
from warren.verify.report import Report
from warren.verify.verdict import Verdict, gather

TWO = two_hosts()

FINE = """
               vps    home         beyond
                1  2   3  4  5  6   7  8
   internet     ●  ●   ·  ·  ·  2
   internet2    ●  ●   ·  ·  ·  2
 8 lan:home     ●  ●   4  ·  ·  2
 1 vps             4   ·  ·  ·  2   4
 2 blog         ·      ·  ●  ·  ·   4  ·
 3 home         ·  ·      4  4  6   4
 4 cloud        ·  ·   ·     ●  ·   4  ·
 5 db           ·  ·   ·  ·     ·   ·  ·
 6 game         ·  ·   ·  ·  ·      4  ·
"""


def obedient(flow: Flow) -> Verdict:
    own = [a for a in flow.own if a.version == flow.address.version]
    answer = Outcome(flow.answer, flow.reached, str(own[0]) if own else None, None, True)
    return Verdict(flow, answer if flow.open else Outcome(error="timeout"))


def report(topology: Topology = TWO) -> Report:
    return Report(gather(obedient(f) for f in declared(topology, AROUND)))


def plain(lines: list[str]) -> list[str]:
    return [click.unstyle(line).rstrip() for line in lines]


def test_the_grid() -> None:
    assert plain(matrix.lines(report(), TWO))[:-2] == FINE.split("\n")[1:-1]


def test_the_grid_in_ascii() -> None:
    lines = plain(matrix.lines(report(), TWO, ascii_only=True))
    assert all(line.isascii() for line in lines)
    assert lines[2].split() == ["internet", "o", "o", ".", ".", ".", "2"]


def test_a_mistake_has_its_own_sign() -> None:
    verdicts = [obedient(f) for f in declared(TWO, AROUND)]
    holed = [
        replace(v, outcome=Outcome("db", 5432))
        if (v.flow.source, v.flow.target, v.flow.port, v.flow.protocol) == ("game", "db", 5432, Protocol.TCP)
        else v
        for v in verdicts
    ]
    lines = plain(matrix.lines(Report(gather(holed)), TWO))
    assert lines[-3].split() == ["6", "game", "·", "·", "·", "·", "✗", "4", "·"]
    assert "✗ not as declared" in lines[-1]


def many(number: int) -> Topology:
    """A gateway and a home with many services."""
    pairs = [Pair(PREFIX4[256 + 2 + n], PREFIX6[(1 << 64) + 2 + n]) for n in range(number)]
    services = [service(f"service-{n:05}", "home", pair, NONE, web="80/tcp") for n, pair in enumerate(pairs)]
    hosts = {"vps": host("vps", 0, "203.0.113.10"), "home": host("home", 1, lan="192.168.2.0/24")}
    return replace(TWO, hosts=hosts, services={s.name: s for s in services}, permissions=(), exposures=(), tunnels=())


def test_twenty_services_fit_a_terminal_in_one_block() -> None:
    lines = plain(matrix.lines(report(many(20)), many(20), 100))
    assert max(map(len, lines[:-1])) <= 100
    assert sum("internet" in line for line in lines) == 1


def test_more_services_take_more_blocks() -> None:
    lines = plain(matrix.lines(report(many(40)), many(40), 100))
    assert max(map(len, lines[:-1])) <= 100
    assert sum("internet" in line for line in lines) >= 2
    assert "40" in " ".join(lines)


def test_nothing_was_tried() -> None:
    assert matrix.lines(Report(()), TWO)
