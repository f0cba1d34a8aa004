"""What remains when a part is taken away by hand: never more than was open before, and nothing by another way."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

import pytest

from tests.netns.flows import holding, serving
from tests.netns.standing import Standing, standing
from tests.topologies import two_hosts

pytestmark = pytest.mark.netns

# The tunnel's own packets may leave; whatever else the service sends is counted at its home's router, as it leaves.
COUNT = """\
nft -f - <<'END'
table inet seen {
    counter service { }
    chain out {
        type filter hook prerouting priority -300; policy accept;
        iifname != "wan" meta l4proto { tcp, udp } th dport { 53, 7777 } counter name service
        iifname != "wan" icmp type echo-request counter name service
        iifname != "wan" icmpv6 type echo-request counter name service
    }
}
END
"""
# TCP, UDP, DNS and ping of both families, to the Internet and to the LAN's router; what is refused is no error here.
SEND = """\
import socket, time
WHERE = ("192.0.2.77", "192.0.2.53", "192.168.2.1", "2001:db8:fffe::77", "2001:db8:fffd::53", "2001:db8:a001::1")
kept = []
for _ in range(3):
    for address in WHERE:
        family, icmp, echo = (socket.AF_INET6, 58, 128) if ":" in address else (socket.AF_INET, 1, 8)
        for kind, protocol, port in ((2, 0, 53), (2, 0, 7777), (1, 0, 53), (1, 0, 7777), (3, icmp, 0)):
            kept.append(sock := socket.socket(family, kind, protocol))
            sock.setblocking(False)
            try:
                sock.connect((address, port))
                sock.send(bytes((echo, 0)) + (0xFFFF - (echo << 8) - 1).to_bytes(2, "big") + b"\\0\\0\\0\\1")
            except OSError:
                pass
    time.sleep(0.1)
"""


@pytest.fixture(scope="module")
def net() -> Iterator[Standing]:
    with standing(two_hosts()) as made:
        assert made.lab.run("router:home", "sh", "-c", COUNT).code == 0
        yield made


def send(net: Standing, place: str) -> None:
    """Whatever a place could send to the outside."""
    result = net.lab.run(place, sys.executable, "-I", "-S", "-c", SEND)
    assert result.code == 0, result.stderr.decode()


def seen(net: Standing) -> int:
    """Packets of services that crossed the home's router since the last look."""
    said = net.lab.run("router:home", "nft", "reset", "counter", "inet", "seen", "service").stdout.decode()
    return int(said.split("packets")[1].split()[0])


def test_the_router_would_see_what_leaks(net: Standing) -> None:
    seen(net)
    send(net, "home")
    assert seen(net) >= 3 * 4 * 5


TAKEN = {
    "nothing is wrong": "true",
    "tunnel deleted": "ip link del wrn-vps",
    "tunnel down": "ip link set wrn-vps down",
    "the tunnel's routes deleted": "ip route flush table 8601 type unicast; ip -6 route flush table 8601 type unicast",
    "the whole table of routes deleted": "ip route flush table 8601; ip -6 route flush table 8601",
    "all our rules of nftables deleted": "nft flush ruleset",
    "our rules of nftables and the tunnel deleted": "nft flush ruleset; ip link del wrn-vps",
    "peer removed": "wg set wrn-vps peer $(wg show wrn-vps peers) remove",
}


@pytest.mark.parametrize("what", TAKEN)
def test_a_service_leaves_by_its_tunnel_or_not_at_all(net: Standing, what: str) -> None:
    net.on("home", TAKEN[what])
    seen(net)
    send(net, "cloud")
    send(net, "db")
    leaked = seen(net)
    net.apply(two_hosts())
    assert leaked == 0


def test_without_our_rules_nothing_is_forwarded(net: Standing) -> None:
    """T53: what is left when somebody flushes nftables is less than what was open, never more."""
    with (
        serving(net.lab, "game", "12345/udp", "12346/tcp"),
        serving(net.lab, "db", "5432/tcp"),
        serving(net.lab, "cloud", "80/tcp"),
        holding(net.lab, "internet", "203.0.113.10|12345|udp", "2001:db8:10::10|12345|udp") as players,
        holding(net.lab, "cloud", "10.86.1.3|5432|tcp", "fd86:86:86:1::3|5432|tcp") as cloud,
        holding(net.lab, "game", "10.86.1.3|5432|tcp", "fd86:86:86:1::3|5432|tcp") as game,
    ):
        time.sleep(0.5)
        assert all(each.answers for each in (*players.look(), *cloud.look()))
        for host in ("home", "vps"):
            net.on(host, "nft flush ruleset")
        players.look(), cloud.look()
        time.sleep(0.7)
        late = [each.answers for flows in (players, cloud, game) for each in flows.look()]
        with holding(net.lab, "lan:home", "10.86.1.3|5432|tcp", "10.86.1.4|12345|udp") as neighbour:
            time.sleep(0.5)
            late.extend(each.answers for each in neighbour.look())
        net.apply(two_hosts())
        assert set(late) == {0}
        time.sleep(0.7)
        players.look()
        time.sleep(0.3)
        assert all(each.answers for each in players.look()), "apply opens again what was open"
