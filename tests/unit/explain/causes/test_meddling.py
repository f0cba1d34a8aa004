"""Rules of others that end no packet."""

from __future__ import annotations

from dataclasses import replace

from tests.networks import example
from tests.unit.explain.asking import NAME
from tests.unit.explain.witness import expected, healthy, said, scene, whole
from warren.evidence.model import Chain
from warren.explain.causes import meddling
from warren.explain.scene import Scene
from warren.formats.nft_trace import TraceLine

TOPOLOGY = example(NAME)


def met(rule: str, table: str = "hand", chains: tuple[Chain, ...] = ()) -> Scene:
    """A question that met a rule on the gateway."""
    of = expected("internet", "game.query")
    lines = whole(of)
    first = lines["vps"][0]
    line = TraceLine(first.id, "ip", table, "PREROUTING", "rule", "accept", rule)
    seen = {"vps": replace(healthy(TOPOLOGY)["vps"], chains=chains)}
    return scene(of, seen, lines={**lines, "vps": (first, line, *lines["vps"][1:])})


def test_healthy_hosts_have_nothing() -> None:
    for cause in (meddling.led_elsewhere, meddling.untracked):
        assert cause(scene(expected("internet", "game.query")), "vps") is None
        assert cause(met("tcp dport 12346 dnat to 10.86.1.9", table="warren"), "vps") is None
        assert cause(met("tcp dport 12346 counter packets 1 bytes 60 accept"), "vps") is None


def test_another_target() -> None:
    found = met("tcp dport 12346 counter packets 1 bytes 60 dnat to 172.17.0.2:80")
    assert said(meddling.led_elsewhere(found, "vps")) == (
        "led-elsewhere: on vps a table of somebody else leads it elsewhere: table ip hand, "
        "chain PREROUTING: tcp dport 12346 counter dnat to 172.17.0.2:80"
    )
    assert meddling.led_elsewhere(found, "home") is None


def test_a_container_that_publishes_the_port() -> None:
    docker = (Chain("ip", "nat", "DOCKER", "", ""),)
    found = meddling.led_elsewhere(met("tcp dport 12346 dnat to 172.17.0.2:80", "nat", docker), "vps")
    assert said(found).startswith("led-elsewhere: on vps Docker leads it elsewhere: table ip nat")
    assert found is not None
    assert found.remedy == "a container publishes 12346/tcp on vps: publish another port, or none"


def test_what_is_not_tracked() -> None:
    assert said(meddling.untracked(met("tcp dport 12346 notrack"), "vps")) == (
        "untracked: on vps a table of somebody else keeps it from connection tracking: table ip hand, "
        "chain PREROUTING: tcp dport 12346 notrack"
    )
