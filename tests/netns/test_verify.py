"""Verify looks at a real network, and cries when somebody changes what was built."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from warren import pipeline
from warren.cli import laboratory
from warren.lab.build import build
from warren.lab.lab import Lab
from warren.lab.proving import Proving
from warren.topology.model import Topology
from warren.verify import Report, sentences, unwatch, verify, watch

pytestmark = [pytest.mark.netns, pytest.mark.slow]

EXAMPLE = Path(__file__).parents[2] / "examples" / "nine-worlds" / "warren.yaml"


class Built:
    """A lab with the example applied in it."""

    def __init__(self, topology: Topology, lab: Lab) -> None:
        self.topology, self.lab, self.ground = topology, lab, Proving(lab, topology)

    def apply(self) -> None:
        outcome = laboratory.settle(self.lab, self.topology, lambda host, words: None)
        assert outcome.failure is None, outcome.failure

    def verify(self, scan: bool = False) -> Report:
        return verify(self.topology, self.ground, scan)

    def change(self, host: str, command: str) -> None:
        done = self.lab.host(host).run(command)
        assert done.code == 0, done.stderr.decode()


@pytest.fixture(scope="module")
def built() -> Iterator[Built]:
    topology = pipeline.understand(EXAMPLE).topology
    lab = build(topology, f"verify-{os.getpid()}", tied=True)
    try:
        yield Built(topology, lab)
    finally:
        lab.down()


def test_nothing_leaks_from_before_the_first_packet_and_everything_is_as_declared(built: Built) -> None:
    watching = watch(built.topology, built.ground)
    built.apply()
    report = built.verify(scan=True)
    leaks = unwatch(built.topology, watching)
    assert report.holds, "\n".join(sentences(report))
    assert (leaks.leaked, leaks.lost) == (0, 0), leaks.examples
    assert leaks.wireguard > 100 and leaks.sent > 100


LONG = pytest.mark.long
MUTATIONS = [
    ("home", "nft insert rule inet warren forward accept", "of db at 10.86.1.3 is declared closed, but db answered"),
    ("home", "nft insert rule inet warren input accept", "of home at 10.86.1.1 is declared closed, but home answered"),
    ("vps", "nft insert rule inet warren input accept", "of vps at 203.0.113.10 is declared closed, but vps answered"),
    pytest.param("vps", "nft insert rule inet warren leaving masquerade", "instead of the client's own", marks=LONG),
    (
        "home",
        "nft insert rule inet warren forward udp dport 12345 drop",
        "12345/udp of game at 203.0.113.10 is declared",
    ),
    pytest.param("home", "ip link set dev wrn-vps down", "of server at 192.0.2.53 is declared open, but", marks=LONG),
]


@pytest.mark.parametrize(("host", "command", "cry"), MUTATIONS)
def test_a_change_by_hand_is_found(built: Built, host: str, command: str, cry: str) -> None:
    built.apply()
    built.change(host, command)
    found = sentences(built.verify())
    assert any(cry in sentence for sentence in found), f"nobody cried {cry!r}: {found[:5]}"


def test_an_open_port_that_nobody_declared_is_found_by_the_scan(built: Built) -> None:
    built.apply()
    built.change("vps", "nft insert rule inet warren input accept")
    report = built.verify(scan=True)
    assert report.scan is not None and not all(edge.equal for edge in report.scan)
    assert {9} <= {port for edge in report.scan for port in edge.strange}


def test_a_leak_is_found(built: Built) -> None:
    built.apply()
    watching = watch(built.topology, built.ground)
    built.change("home", "ip rule add pref 1 iif v-game lookup main; nft insert rule inet warren forward accept")
    for _ in range(20):
        built.change("home", "sleep 0.05")
    leaks = unwatch(built.topology, watching)
    built.change("home", "ip rule del pref 1 iif v-game")
    assert leaks.leaked > 0
    assert {example.service for example in leaks.examples} == {"game"}
