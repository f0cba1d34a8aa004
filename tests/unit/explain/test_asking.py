"""What hosts are asked about a question."""

from __future__ import annotations

from tests.networks import example
from tests.unit.explain.asking import NAME
from tests.unit.explain.witness import expected
from warren.evidence.ask import Door, Filter, RouteQuestion
from warren.evidence.gather import Approach, Crossing
from warren.explain.asking import inquiry

TOPOLOGY = example(NAME)


def test_through_a_tunnel() -> None:
    asked = inquiry(TOPOLOGY, [expected("internet", "game.query")])
    assert list(asked.hosts) == ["vps", "home"]
    assert asked.doors == (Door(4, "203.0.113.10", 12346, "tcp", None),)
    assert asked.packets == Filter("tcp", (12346,), ("203.0.113.10", "10.86.1.4"), (51820,))
    assert asked.crossings == (Crossing("home", "vps", "10.86.0.1"), Crossing("vps", "home", "10.86.1.1", 1420))
    assert asked.approaches == (Approach("home", "vps", "203.0.113.10"),)
    assert asked.hosts["vps"].routes[0] == RouteQuestion(
        "4.question.2", "10.86.1.4", "198.51.100.7", "@203.0.113.10", 0x10000000
    )
    assert RouteQuestion("endpoint.vps", "203.0.113.10") in asked.hosts["home"].routes
    assert asked.hosts["home"].services == ("game",)


def test_between_services_of_one_host() -> None:
    asked = inquiry(TOPOLOGY, [expected("cloud", "db")])
    (host,) = asked.hosts.values()
    assert (host.services, host.names, asked.crossings) == (("cloud", "db"), (("cloud", "db"),), ())
    assert host.routes[0] == RouteQuestion("4.question.0", "10.86.1.3", None, None, 0, "cloud")
    assert host.routes[1] == RouteQuestion("4.question.2", "10.86.1.3", "10.86.1.2", "v-cloud", 0x01000000)
    assert asked.doors == (Door(4, "10.86.1.3", 5432, "tcp", "cloud"),)


def test_nothing_is_asked_about_nothing() -> None:
    asked = inquiry(TOPOLOGY, [])
    assert (dict(asked.hosts), asked.packets) == ({}, None)
