"""What services are said to have sent and received is what went over the wires and through the tunnel (T61)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.netns.arena import Arena, arena, settle
from tests.netns.threatened import EXPOSURES, SERVER, SERVICES, public, threatened
from warren.accounts import TABLE, Accounts, Path, accounts

pytestmark = pytest.mark.netns
BOTH = pytest.mark.parametrize("version", (4, 6))
MEGABYTE = 1 << 20
AT_HOME = tuple(each.name for each in SERVICES if each.host == "home")
# What WireGuard adds to a packet: its own header and tag, and zeros up to a multiple of 16.
WRAPPED, PADDED = 32, 15
# Handshakes and keepalives of a few seconds.
CONTROL = 4000
# A sender hands over many segments as one packet, which is counted with one header: the stated error. Cut into pieces
# it is no smaller than this, and each has its own headers of IP and TCP.
SEGMENT, HEADERS = 1280, 80
# The header of a link, and what its ends tell each other of themselves.
LINK, NEIGHBOURS = 14, 3000
NAMES = tuple(each.name for each in SERVICES)


@pytest.fixture(scope="module")
def ground() -> Iterator[Arena]:
    with arena(threatened()) as made:
        for any_address in ("0.0.0.0", "::"):
            made.serve("server", "tcp", any_address, 443)
            made.serve("server", "udp", any_address, 53)
        yield made


def told(ground: Arena) -> Accounts:
    """What `warren traffic` says."""
    tables = {name: ground.run(name, f"nft -j list table inet {TABLE}") for name in ground.topology.hosts}
    return accounts(ground.topology, tables)


def size(found: Accounts, names: tuple[str, ...], path: Path) -> tuple[int, int]:
    """Bytes received and sent by these services."""
    held = [found[name][path] for name in names if path in found[name]]
    return sum(each.received.size for each in held), sum(each.sent.size for each in held)


def packets(found: Accounts, names: tuple[str, ...], path: Path) -> int:
    """Packets of both directions."""
    held = [found[name][path] for name in names if path in found[name]]
    return sum(each.received.packets + each.sent.packets for each in held)


def through_tunnels(ground: Arena, host: str) -> tuple[int, int]:
    """Bytes received and sent by WireGuard's own counters."""
    lines = [line.split("\t") for line in ground.run(host, "wg show all transfer").splitlines()]
    return sum(int(each[2]) for each in lines), sum(int(each[3]) for each in lines)


def less(after: tuple[int, int], before: tuple[int, int]) -> tuple[int, int]:
    """What has come between."""
    return after[0] - before[0], after[1] - before[1]


def talk(ground: Arena, version: int) -> None:
    """Every kind of traffic, each of its own size."""
    assert ground.transfer("internet", (public("vps", version), 8080), up=MEGABYTE) == MEGABYTE
    assert ground.transfer("internet", (public("vps2", version), 8080), down=2 * MEGABYTE) == 2 * MEGABYTE
    assert ground.transfer("cloud", (SERVER[version], 443), up=MEGABYTE // 2) == MEGABYTE // 2
    assert ground.ask("game", "udp", (SERVER[version], 53), size=1000)
    assert ground.ask("internet", "udp", (public("vps", version), 12345), size=900)


@BOTH
def test_the_sum_of_all_services_is_what_the_tunnels_carried(ground: Arena, version: int) -> None:
    """Counted once, before it is wrapped: neither translation nor a tunnel counts it again."""
    before, wrapped = told(ground), through_tunnels(ground, "home")
    talk(ground, version)
    after, now = told(ground), through_tunnels(ground, "home")
    inner = less(size(after, AT_HOME, Path.TUNNEL), size(before, AT_HOME, Path.TUNNEL))
    passed = packets(after, AT_HOME, Path.TUNNEL) - packets(before, AT_HOME, Path.TUNNEL)
    outer = less(now, wrapped)
    assert min(inner) > MEGABYTE
    most = passed + sum(inner) // SEGMENT
    assert sum(inner) + WRAPPED * passed <= sum(outer) <= sum(inner) + (HEADERS + WRAPPED + PADDED) * most + CONTROL


@BOTH
def test_the_public_part_is_what_clients_and_servers_sent_and_received(ground: Arena, version: int) -> None:
    """Headers of IP included, those of the link not; by both gateways, and nothing of it twice."""
    before, there = told(ground), at_the_other_ends(ground)
    talk(ground, version)
    after, now = told(ground), at_the_other_ends(ground)
    received, sent = less(size(after, NAMES, Path.PUBLIC), size(before, NAMES, Path.PUBLIC))
    came, went = less(now, there)
    assert 0 <= went - received <= NEIGHBOURS and 0 <= came - sent <= NEIGHBOURS
    assert received > MEGABYTE and sent > 2 * MEGABYTE


def at_the_other_ends(ground: Arena) -> tuple[int, int]:
    """Bytes that clients and servers in the Internet have received and sent, without the headers of the link."""
    received, sent = 0, 0
    for place in ("internet", "server"):
        stats = json.loads(ground.run(place, "ip -s -j link show eth0"))[0]["stats64"]
        received += stats["rx"]["bytes"] - LINK * stats["rx"]["packets"]
        sent += stats["tx"]["bytes"] - LINK * stats["tx"]["packets"]
    return received, sent


@BOTH
def test_a_change_resets_nothing(ground: Arena, version: int) -> None:
    talk(ground, version)
    before = told(ground)
    settle(ground.lab, replace(ground.topology, permissions=(), exposures=EXPOSURES[:3]))
    settle(ground.lab, ground.topology)
    after = told(ground)
    assert size(before, AT_HOME, Path.TUNNEL) > (MEGABYTE, MEGABYTE)
    for name, path in ((name, path) for name, held in before.items() for path in held):
        was, now = before[name][path], after[name][path]
        assert now.received.size >= was.received.size and now.sent.size >= was.sent.size, (name, path)
