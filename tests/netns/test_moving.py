"""What is exposed moves to another service while clients talk: the next packets arrive where it now is (T55)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.netns.flows import UNBROKEN, holding, serving
from tests.netns.standing import Standing, standing
from tests.topologies import exposed, pair, service, through, two_hosts
from warren.topology.model import Topology

pytestmark = pytest.mark.netns

PUBLIC = ("203.0.113.10", "2001:db8:10::10")
UDP = tuple(f"{address}|12345|udp" for address in PUBLIC)
TCP = tuple(f"{address}|12346|tcp" for address in PUBLIC)
BLOG = tuple(f"{address}|8080|tcp" for address in PUBLIC)


def moved() -> Topology:
    """Players of the game are led to another one, at home as well."""
    there = two_hosts()
    arena = service("arena", "home", pair(1, 20), through("vps"), play="12345/udp", query="12346/tcp")
    others = tuple(each for each in there.exposures if each.service != "game")
    new = tuple(exposed(there.hosts["vps"], arena, port) for port in ("play", "query"))
    return replace(there, services={**there.services, "arena": arena}, exposures=(*others, *new))


@pytest.fixture(scope="module")
def net() -> Iterator[Standing]:
    with standing(two_hosts()) as made:
        yield made


def test_the_next_packets_arrive_where_it_now_is_and_others_notice_nothing(net: Standing) -> None:
    lab = net.lab
    with (
        serving(lab, "game", "12345/udp", "12346/tcp"),
        serving(lab, "blog", "80/tcp"),
        holding(lab, "internet", *UDP, *BLOG) as flows,
    ):
        for _ in range(3):
            time.sleep(0.5)
            found = flows.look()
        assert all(each.answers for each in found)
        net.apply(moved())
        with serving(lab, "arena", "12345/udp", "12346/tcp"):
            time.sleep(0.5)
            flows.look()
            time.sleep(UNBROKEN)
            *players, blog4, blog6 = flows.look()
            assert all(each.answers for each in players), "the same clients, from the same ports"
            assert blog4.unbroken and blog6.unbroken
