"""Answers take the way of the question, and what is large passes (T50; gateways in front of gateways)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.netns.arena import Arena, arena
from tests.netns.threatened import CLIENT, CLIENT2, EXPOSURES, SERVER, SILENT, address, public, threatened

pytestmark = pytest.mark.netns
BOTH = pytest.mark.parametrize("version", (4, 6))
MEGABYTE = 1 << 20


@pytest.fixture(scope="module")
def ground() -> Iterator[Arena]:
    with arena(threatened()) as made:
        for any_address in ("0.0.0.0", "::"):
            made.serve("server", "tcp", any_address, 443)
            made.serve("server", "udp", any_address, 53)
        yield made


@BOTH
def test_answers_take_the_tunnel_that_the_question_came_by(ground: Arena, version: int) -> None:
    """Whatever the service's own way out is: direct, the one gateway, the other, or none."""
    uplinks = {home: ground.sniff(home, "eth0") for home in ("home", "away")}
    asked = [
        (place, exposure)
        for exposure in EXPOSURES
        if not exposure.is_lan and exposure.ports.first != SILENT
        for place in ("internet", "internet2")
        if place == "internet" or not exposure.sources
    ]
    questions = [
        ground.question(place, e.protocol.value, (public(e.at, version), e.ports.first), timeout=1.0)
        for place, e in asked
    ]
    clients = {"internet": CLIENT[version], "internet2": CLIENT2[version]}
    for (place, exposure), answer in zip(asked, ground.asks(questions), strict=True):
        saw = clients[place] if exposure.keep else address(exposure.at, version)
        assert answer and answer.split()[:2] == [exposure.service, saw], f"{exposure.at}:{exposure.ports} from {place}"
    for home, capture in uplinks.items():
        packets = [each.network for each in capture.packets() if each.out and each.network[0] >> 4 == 4]
        assert packets and {int.from_bytes(each[22:24]) for each in packets if each[9] == 17} <= {51820}, home


@BOTH
def test_a_gateway_itself_reaches_what_is_exposed_at_it(ground: Arena, version: int) -> None:
    """Also what lies behind another gateway, whose tunnel the network's own traffic would take."""
    asked = [each for each in EXPOSURES if not each.is_lan and each.ports.first != SILENT]
    questions = [ground.question(e.at, e.protocol.value, (public(e.at, version), e.ports.first)) for e in asked]
    for exposure, answer in zip(asked, ground.asks(questions), strict=True):
        assert answer and answer.split()[0] == exposure.service, f"{exposure.at}:{exposure.ports}"


@BOTH
def test_one_client_speaks_with_one_service_through_both_gateways_at_once(ground: Arena, version: int) -> None:
    """From one source port even: the connections differ by the gateway alone."""
    source = ("0.0.0.0" if version == 4 else "::", 42000 + version)
    for _ in range(3):
        for gateway in ("vps", "vps2"):
            for kind, port in (("udp", 12345), ("tcp", 12346)):
                answer = ground.ask("internet", kind, (public(gateway, version), port), source, timeout=1.0)
                assert answer and answer.split()[1] == CLIENT[version], (gateway, kind)
            source = (source[0], source[1] + 10)


@contextmanager
def silenced(ground: Arena, *places: str) -> Iterator[None]:
    """No ICMP of any kind comes in or passes at these places."""
    chains = "".join(
        f"chain {hook} {{ type filter hook {hook} priority -300; meta l4proto icmp drop; "
        "icmpv6 type { destination-unreachable, packet-too-big, time-exceeded, parameter-problem } drop; }; "
        for hook in ("input", "forward", "output")
    )
    try:
        for place in places:
            ground.run(place, f"echo 'table inet silent {{ {chains} }}' | nft -f -")
        yield
    finally:
        for place in places:
            ground.run(place, "nft 'add table inet silent; delete table inet silent'")


@BOTH
def test_t50_large_transfers_pass_where_every_icmp_is_lost(ground: Arena, version: int) -> None:
    with silenced(ground, "internet", "server", "router:home", "vps", "vps2", "home", "cloud"):
        for gateway in ("vps", "vps2"):
            to = (public(gateway, version), 8080)
            assert ground.transfer("internet", to, up=MEGABYTE) == MEGABYTE
            assert ground.transfer("internet", to, down=MEGABYTE) == MEGABYTE
        for service in ("cloud", "game", "blog"):
            assert ground.transfer(service, (SERVER[version], 443), up=MEGABYTE) == MEGABYTE
            assert ground.transfer(service, (SERVER[version], 443), down=MEGABYTE) == MEGABYTE
        inner = (address("cloud", version), 80)
        for service in ("blog", "far"):
            assert ground.transfer(service, inner, up=MEGABYTE) == MEGABYTE
            assert ground.transfer(service, inner, down=MEGABYTE) == MEGABYTE


@BOTH
def test_t50_large_datagrams_pass(ground: Arena, version: int) -> None:
    """Up to what the tunnel holds whole, and beyond in fragments; the first may only teach the sender the size."""
    to = (public("vps", version), 12345)
    for size in (1200, 1372, 1400, 1472, 4000):
        answers = [ground.ask("internet", "udp", to, size=size, timeout=0.3) for _ in range(2)]
        assert f"game {CLIENT[version]} {size}" in answers, size
    for size in (1400, 1472):
        answers = [ground.ask("cloud", "udp", (SERVER[version], 53), size=size, timeout=0.3) for _ in range(2)]
        assert any(answers), size


def test_t50_a_narrow_path_lets_transfers_pass(ground: Arena) -> None:
    """1280 bytes on the home's line, as some providers have it: the tunnel's own packets are cut and put together."""
    try:
        ground.in_core("ip", "link", "set", "site2", "mtu", "1280")
        ground.run("router:home", "ip link set wan mtu 1280")
        for version in (4, 6):
            to = (public("vps", version), 8080)
            assert ground.transfer("internet", to, up=MEGABYTE, timeout=8) == MEGABYTE
            assert ground.transfer("internet", to, down=MEGABYTE, timeout=8) == MEGABYTE
            assert ground.transfer("evil", (SERVER[version], 443), down=MEGABYTE, timeout=8) == MEGABYTE
    finally:
        ground.run("router:home", "ip link set wan mtu 1500")
        ground.in_core("ip", "link", "set", "site2", "mtu", "1500")


@BOTH
def test_an_exposure_can_be_hidden_beside_one_that_is_not(ground: Arena, version: int) -> None:
    """Two exposures of one port of one service: the client's address stays behind at one of them only."""
    for _ in range(2):
        for port, saw in ((8080, CLIENT[version]), (8091, address("vps", version)), (8090, CLIENT[version])):
            assert ground.ask("internet", "tcp", (public("vps", version), port)) == f"cloud {saw}"


def test_t53_a_foreign_drop_policy_is_not_lifted_and_leaves_ours_as_they_are(ground: Arena) -> None:
    """Docker and ufw set it; whoever has it must be told, because no rule of ours can undo it."""
    try:
        hook = "{ type filter hook forward priority 0; policy drop; }"
        ground.run("home", f"nft 'add table ip filter; add chain ip filter FORWARD {hook}'")
        assert ground.ask("internet", "tcp", (public("vps", 4), 8080), timeout=0.4) is None
        assert ground.ask("internet", "tcp", (public("vps", 6), 8080)) == f"cloud {CLIENT[6]}"
    finally:
        ground.run("home", "nft delete table ip filter")
    assert ground.ask("internet", "tcp", (public("vps", 4), 8080)) == f"cloud {CLIENT[4]}"
