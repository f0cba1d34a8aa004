"""The root of a gateway against everything behind its tunnel (T14, T15, T18)."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

import pytest

from tests.netns import wire
from tests.netns.arena import Arena, Capture, arena, settle
from tests.netns.threatened import CLIENT, EXPOSURES, HOME_LAN, SERVICES, TCP, address, public, threatened

pytestmark = pytest.mark.netns
BOTH = pytest.mark.parametrize("version", (4, 6))
TUNNEL = "wrn-vps"
# The home's own address on its LAN that the Internet routes to; no file names it.
HOME_GLOBAL = "2001:db8:a002::a"


@pytest.fixture(scope="module")
def ground() -> Iterator[Arena]:
    with arena(threatened()) as made:
        for any_address in ("0.0.0.0", "::"):
            for port in (22, 3306, 8443):
                made.serve("home", "tcp", any_address, port)
            made.serve("home", "udp", any_address, 161)
            made.serve("lan:home", "tcp", any_address, 80)
        # T18: the home's peer may be sent everything, which lets the gateway's root choose any destination.
        dump = [line.split("\t") for line in made.run("vps", f"wg show {TUNNEL} dump").splitlines()]
        key = next(each[0] for each in dump if len(each) == 8 and "10.86.2.0/24" in each[3])
        made.run("vps", f"wg set {TUNNEL} peer {key} allowed-ips 0.0.0.0/0,::/0")
        yield made


def targets(version: int) -> list[str]:
    """Everything at home and beyond it that a packet could be for."""
    services = [address(each.name, version) for each in SERVICES]
    if version == 4:
        return [*services, address("home", 4), "10.86.2.99", HOME_LAN, "192.168.2.50", "192.168.2.1", CLIENT[4]]
    return [*services, address("home", 6), "fd86:86:86:2::99", HOME_GLOBAL, "2001:db8:a002::32", CLIENT[6]]


PORTS = (22, 53, 80, 161, 443, 3306, 5432, 7000, 8080, 8443, 9000, 12345, 12346, 27014, 27015, 27018, 27019, 51820)


def delivered(capture: Capture, text: bytes) -> set[tuple[str, int, int]]:
    """Interface, protocol and port of each packet that went on from the home host."""
    return {(each.on, *_asked(each.network)) for each in capture.having(text) if each.out}


def _asked(packet: bytes) -> tuple[int, int]:
    protocol, start = (packet[6], 40) if packet[0] >> 4 == 6 else (packet[9], (packet[0] & 15) * 4)
    return protocol, int.from_bytes(packet[start + 2 : start + 4])


def expected() -> set[tuple[str, int, int]]:
    """What the file says that this gateway may send home."""
    at_home = {each.name for each in SERVICES if each.host == "home"}
    return {
        (f"v-{each.service}", 6 if each.protocol is TCP else 17, port)
        for each in EXPOSURES
        if each.at == "vps" and each.service in at_home
        for port in range(each.target.first, each.target.last + 1)
        if port in PORTS
    }


@BOTH
def test_t14_only_what_is_exposed_gets_through_the_tunnel(ground: Arena, version: int) -> None:
    capture = ground.sniff("home")
    for source in (CLIENT[version], public("vps", version)):
        packets = [
            made
            for target in targets(version)
            for port in PORTS
            for made in (
                wire.udp(source, 40000, target, port, b"t14-udp"),
                wire.tcp(source, 40000, target, port, text=b"t14-tcp"),
            )
        ]
        ground.send("vps", TUNNEL, *packets, bare=True)
    assert delivered(capture, b"t14-") == expected()


@BOTH
def test_t14_the_gateways_own_address_opens_no_more(ground: Arena, version: int) -> None:
    """The gateway is a host of the network too; what it may reach is what its services need, and ping."""
    capture = ground.sniff("home")
    source = address("vps", version)
    packets = [wire.tcp(source, 40000, to, port, text=b"t14-own") for to in targets(version) for port in PORTS]
    ground.send("vps", TUNNEL, *packets, bare=True)
    went_on = {each for each in delivered(capture, b"t14-own") if each[0] != TUNNEL}
    assert went_on == {each for each in expected() if each[1] == 6}
    home = ip_address(address("home", version)).packed
    answers = [each for each in capture.packets() if each.on == TUNNEL and _asked(each.network) == (6, 40000)]
    assert answers and [each for each in answers if home in each.network[:40]] == [], "the host itself answers nobody"


def forged(version: int) -> list[str]:
    """Sources that do not come from this gateway: the home's own, its LAN's, the other gateway's, impossible ones."""
    own = [address(each, version) for each in ("cloud", "db", "crawler", "home", "vps2", "shop")]
    if version == 4:
        return [*own, HOME_LAN, "192.168.2.50", "127.0.0.1", "169.254.1.1", "100.64.0.1", "0.0.0.0", "224.0.0.1"]
    return [*own, HOME_GLOBAL, "fe80::1", "::1", "::", "fd00::1", "ff02::1"]


@BOTH
def test_t15_forged_inner_sources_are_dropped_and_counted(ground: Arena, version: int) -> None:
    capture, before = ground.sniff("home"), ground.counted("home", "from_tunnel")
    packets = [
        made
        for source in forged(version)
        for made in (
            wire.udp(source, 161, address("game", version), 12345, b"t15-forged"),
            wire.tcp(source, 22, address("cloud", version), 80, text=b"t15-forged"),
            wire.tcp(source, 40000, address("db", version), 5432, text=b"t15-forged"),
            wire.udp(source, 161, address("home", version), 161, b"t15-forged"),
        )
    ]
    ground.send("vps", TUNNEL, *packets, bare=True)
    assert delivered(capture, b"t15-forged") == set()
    after = ground.counted("home", "from_tunnel")
    assert sum(after.values()) - sum(before.values()) >= len(packets) * 7 // 10


@BOTH
def test_t15_one_home_cannot_speak_for_another(ground: Arena, version: int) -> None:
    """The other home's root sends in the name of this home's services, to whom they may talk."""
    at_vps, at_home = ground.sniff("vps", TUNNEL), ground.sniff("home")
    packets = [
        wire.tcp(address(source, version), 40000, address(target, version), port, text=b"t15-home")
        for source in ("cloud", "blog", "vps", "shop", "home")
        for target, port in (("db", 5432), ("cloud", 80), ("home", 3306), ("blog", 80))
    ]
    for tunnel in (TUNNEL, "wrn-vps2"):
        ground.send("away", tunnel, *packets, bare=True)
    assert [each for each in at_vps.having(b"t15-home") if each.out] == []
    assert delivered(at_home, b"t15-home") == set()
    permitted = wire.tcp(address("far", version), 40000, address("cloud", version), 80, text=b"t15-permitted")
    ground.send("away", TUNNEL, permitted, bare=True)
    assert delivered(at_home, b"t15-permitted") == {("v-cloud", 6, 80)}


def test_t14_options_and_the_end_of_a_life_draw_no_answer_from_the_home(ground: Arena) -> None:
    """A record of the route, and errors about what the gateway sent: nothing leaves by the uplink but the tunnels."""
    uplink = ground.sniff("home", "eth0")
    record = b"\x07\x27\x04" + b"\0" * 37
    own = (CLIENT[4], 40001, address("cloud", 4), 80)
    packets = [wire.tcp(*own, options=record), wire.tcp(*own, ttl=1), wire.udp(*own, ttl=1), wire.tcp(*own, ttl=2)]
    packets += [wire.udp(CLIENT[4], 40001, "10.86.2.99", 80), wire.udp(CLIENT[6], 40001, "fd86:86:86:2::99", 80)]
    packets += [wire.udp(CLIENT[6], 40001, address("cloud", 6), 80, ttl=1)]
    ground.send("vps", TUNNEL, *packets, bare=True)
    outside = [each for each in uplink.packets(0.2) if each.out and each.network[0] >> 4 in (4, 6)]
    strange = [each for each in outside if _asked(each.network)[1] != 51820 and not wire.is_icmp6(each.network)]
    assert [each.network.hex() for each in strange] == []
    assert [each for each in outside if each.network[6] == 58 and each.network[40] in (1, 2, 3, 4)] == []


@BOTH
def test_t53_without_our_rules_the_gateway_reaches_no_more(ground: Arena, version: int) -> None:
    try:
        ground.run("home", "nft flush ruleset")
        capture = ground.sniff("home")
        packets = [
            wire.tcp(source, 40000, target, 80, text=b"t53-flushed")
            for target in targets(version)
            for source in (CLIENT[version], public("vps", version), address("vps", version))
        ]
        ground.send("vps", TUNNEL, *packets, bare=True)
        assert delivered(capture, b"t53-flushed") == set()
    finally:
        settle(ground.lab, ground.topology)
