"""A service with every capability over its own namespace, against everybody else (T2 to T6, T9)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.netns import wire
from tests.netns.arena import Arena, Packet, arena
from tests.netns.threatened import CLIENT, EXPOSURES, HOME_LAN, SERVER, SERVICES, SILENT, address, public, threatened
from warren.basis.address import METADATA4, METADATA6
from warren.topology.model import EgressKind

pytestmark = pytest.mark.netns
EVIL, LINK = "evil", "v-evil"
FAKE_MAC = "02:66:6f:72:67:65"
BOTH = pytest.mark.parametrize("version", (4, 6))


@pytest.fixture(scope="module")
def ground() -> Iterator[Arena]:
    with arena(threatened()) as made:
        made.serve("home", "tcp", "127.0.0.1", 631)
        for any_address in ("0.0.0.0", "::"):
            for port in (22, 3306):
                made.serve("home", "tcp", any_address, port)
            made.serve("server", "udp", any_address, 53)
            made.serve("server", "tcp", any_address, 443)
            made.serve("lan:home", "tcp", any_address, 80)
        yield made


def elsewhere(ground: Arena, text: bytes, *frames: bytes) -> list[Packet]:
    """Send frames from the evil service; what of them (or about them) is seen on any other interface of its host."""
    capture = ground.sniff("home")
    ground.send(EVIL, "eth0", *frames)
    taken = capture.having(text)
    assert taken, "the host's own end of the link sees them"
    return [each for each in taken if each.on != LINK]


def framed(ground: Arena, packet: bytes, source: str | None = None, vlan: int | None = None) -> bytes:
    """A frame to the host's end of the evil service's link."""
    return wire.ether(ground.address_of("home", LINK), source or ground.address_of(EVIL, "eth0"), packet, vlan=vlan)


def forged_sources(version: int) -> list[str]:
    """Addresses that are not the evil service's own."""
    of_network = [address(name, version) for name in ("crawler", "cloud", "db", "blog", "far", "home", "vps", "away")]
    if version == 4:
        bogons = ["127.0.0.1", "0.0.0.0", "10.0.0.1", "100.64.0.1", "169.254.1.1", "224.0.0.1", "255.255.255.255"]
        return [*of_network, *bogons, HOME_LAN, "192.168.2.50", CLIENT[4], public("vps", 4), "10.86.2.99"]
    bogons = ["::1", "::", "fe80::1", "ff02::1", "::ffff:192.0.2.1", "fd00::1", "64:ff9b::a9fe:a9fe"]
    return [*of_network, *bogons, CLIENT[6], public("vps", 6), "fd86:86:86:2::99"]


TARGETS = ("cloud", "db", "blog", "far", "home")


@BOTH
def test_t3_forged_sources_end_at_their_own_link_and_are_counted(ground: Arena, version: int) -> None:
    before = ground.counted("home", "from_service")
    targets = [*(address(each, version) for each in TARGETS), SERVER[version], public("vps", version)]
    packets = [
        made
        for source in forged_sources(version)
        for target in targets
        for made in (
            wire.udp(source, 5000, target, 53, b"t3-forged"),
            wire.tcp(source, 5432, target, 5432, text=b"t3-forged"),
            wire.icmp(source, target, 8 if version == 4 else 128, 0, b"\0\0\0\0t3-forged"),
        )
    ]
    assert elsewhere(ground, b"t3-forged", *(framed(ground, each) for each in packets)) == []
    after = ground.counted("home", "from_service")
    assert sum(after.values()) - sum(before.values()) >= len(packets) * 8 // 10, "the kernel drops the oddest itself"


def test_t3_a_neighbour_message_is_no_disguise_for_a_forged_source(ground: Arena) -> None:
    """Types 135 and 136 are let through to the link; they must not leave it under another service's address."""
    frames = [
        framed(ground, wire.icmp(source, target, kind, 0, b"\0\0\0\0" + b"t3-disguise-----", ttl=255))
        for kind in (135, 136)
        for source in forged_sources(6)
        for target in (SERVER[6], address("db", 6), address("blog", 6), address("game", 6))
    ]
    assert elsewhere(ground, b"t3-disguise", *frames) == []


def test_t2_false_neighbours_change_nothing_beyond_their_link(ground: Arena) -> None:
    evil4, evil6 = address(EVIL, 4), address(EVIL, 6)
    claims4 = [address(each, 4) for each in ("home", "cloud", "db", "vps")] + [HOME_LAN, "192.168.2.1"]
    claims6 = [address(each, 6) for each in ("home", "cloud", "db", "vps")] + ["fe80::1"]
    frames = [wire.ether(wire.BROADCAST, FAKE_MAC, wire.arp(FAKE_MAC, c, FAKE_MAC, c, True), wire.ARP) for c in claims4]
    frames += [
        wire.ether("33:33:00:00:00:01", FAKE_MAC, wire.neighbour(136, source, "ff02::1", claimed, FAKE_MAC, 0x20))
        for claimed in claims6
        for source in (claimed, evil6, "fe80::66")
    ]
    redirect = wire.icmp(evil4, HOME_LAN, 5, 1, b"\xc0\xa8\x02\x63" + b"E" * 28)
    frames.append(wire.ether(wire.BROADCAST, FAKE_MAC, redirect))
    capture = ground.sniff("home")
    before = {host: ground.run(host, "ip route show table all; ip -6 route show table all") for host in ("home", "vps")}
    ground.send(EVIL, "eth0", *frames)
    assert [each for each in capture.having(wire.mac(FAKE_MAC)) if each.on != LINK] == []
    for host in ("home", "vps", "cloud", "db", "lan:home", "router:home"):
        learned = [line for line in ground.run(host, "ip neigh; ip -6 neigh").splitlines() if FAKE_MAC in line]
        assert [line for line in learned if LINK not in line] == [], host
    for host, held in before.items():
        assert ground.run(host, "ip route show table all; ip -6 route show table all") == held
    assert ground.ask("cloud", "tcp", (address("db", 4), 5432)) == f"db {address('cloud', 4)}"


@pytest.mark.parametrize("accept", ("1", "2"))
def test_cve_2020_10749_a_router_advertisement_of_a_service_is_not_heard(ground: Arena, accept: str) -> None:
    ground.run("home", f"echo {accept} > /proc/sys/net/ipv6/conf/{LINK}/accept_ra")
    before = ground.run("home", "ip -6 route; ip -6 addr show dev v-evil | grep inet6")
    packet = wire.router_advertisement("fe80::66", "ff02::1", "2001:db8:bad::", FAKE_MAC)
    redirect = wire.icmp("fe80::66", address("home", 6), 137, 0, b"\0" * 36, ttl=255)
    ground.send(EVIL, "eth0", wire.ether("33:33:00:00:00:01", FAKE_MAC, packet), framed(ground, redirect))
    assert ground.run("home", "sleep 0.1; ip -6 route; ip -6 addr show dev v-evil | grep inet6") == before


@BOTH
def test_t4_another_link_address_does_no_harm_and_a_tag_leads_nowhere(ground: Arena, version: int) -> None:
    own = wire.udp(address(EVIL, version), 5000, address("db", version), 5432, b"t4-own")
    assert elsewhere(ground, b"t4-own", framed(ground, own, FAKE_MAC), framed(ground, own, vlan=5)) == []
    forged = wire.udp(address("cloud", version), 5000, address("db", version), 5432, b"t4-forged")
    assert elsewhere(ground, b"t4-forged", *(framed(ground, forged, vlan=tag) for tag in (0, 1, 4094))) == []


@BOTH
def test_t4_added_addresses_are_worth_nothing(ground: Arena, version: int) -> None:
    """CVE-2020-8554 too: an address that somebody claims does not bring its traffic."""
    length = 32 if version == 4 else 128
    claimed = (address("cloud", version), public("vps", version), SERVER[version])
    try:
        for each in claimed:
            ground.run(EVIL, f"ip addr add {each}/{length} dev eth0 {'nodad' if version == 6 else ''}")
        taken = ground.ask(EVIL, "tcp", (address("db", version), 5432), (claimed[0], 0))
        away = ground.ask(EVIL, "udp", (CLIENT[version], 53), (claimed[0], 0), timeout=0.3)
        assert (taken, away) == (None, None)
        answers = ground.ask("internet", "tcp", (public("vps", version), 8080))
        assert answers == f"cloud {CLIENT[version]}"
        assert ground.ask("crawler", "udp", (SERVER[version], 53)), "its traffic goes where it always went"
    finally:
        for each in claimed:
            ground.run(EVIL, f"ip addr del {each}/{length} dev eth0")


def test_t4_options_and_fragments_open_nothing(ground: Arena) -> None:
    evil, target = address(EVIL, 4), address("db", 4)
    route = bytes((131, 7, 4)) + b"\x0a\x56\x02\x03\0"  # loose source route by the database
    record, stamps = b"\x07\x27\x04" + b"\0" * 37, b"\x44\x24\x05\x01" + b"\0" * 32
    for options in (route, bytes((137,)) + route[1:], record, stamps, b"\x94\x04\0\0"):
        for to in (target, public("vps", 4), SERVER[4]):
            packet = wire.udp(evil, 5000, to, 5432, b"t4-options", options=options)
            assert elsewhere(ground, b"t4-options", framed(ground, packet)) == []
    whole = wire.udp(evil, 5000, target, 5432, b"t4-fragment" + b"-" * 64)
    for first in (8, 16, 32):
        first_part, second = wire.fragments(whole, first)
        assert elsewhere(ground, b"-" * 30, framed(ground, second), framed(ground, first_part)) == []


@BOTH
def test_t5_nothing_of_the_host_answers_but_what_is_needed(ground: Arena, version: int) -> None:
    link_local = ground.run("home", f"ip -6 -o addr show dev {LINK} scope link | awk '{{print $4}}'").split("/")[0]
    own = {4: ["127.0.0.1", "127.0.0.2", HOME_LAN], 6: ["::1", "fe80::1"]}[version]
    tried = [*own, address("home", version), address("vps", version), public("vps", version), public("vps2", version)]
    questions = [
        ground.question(EVIL, "tcp", (each, port), timeout=0.3) for each in tried for port in (22, 631, 3306, 51820)
    ]
    assert set(ground.asks(questions)) == {None}
    hosts_end = ground.address_of("home", LINK)
    for to in ("127.0.0.1",) if version == 4 else ("::1", link_local):
        packet = wire.tcp(address(EVIL, version), 4000, to, 22, text=b"t5-loopback")
        capture = ground.sniff("home", "lo")
        ground.send(EVIL, "eth0", wire.ether(hosts_end, FAKE_MAC, packet))
        assert capture.having(b"t5-loopback") == []
    assert ground.ask("cloud", "tcp", (address("home", version), 3306)) == f"home {address('cloud', version)}"
    assert ground.ask("cloud", "tcp", (address("home", version), 22), timeout=0.3) is None


def metadata_spellings() -> list[tuple[int, str]]:
    """Every metadata address, and its disguises as translated, mapped or tunnelled IPv4."""
    v4 = [(4, str(each)) for each in METADATA4]
    disguised = [
        (6, text.format(f"{int(each) >> 16:x}:{int(each) & 0xFFFF:x}"))
        for each in METADATA4
        for text in ("64:ff9b::{}", "::ffff:{}", "::{}", "2002:{}::1", "64:ff9b:1::{}")
    ]
    return [*v4, *((6, str(each)) for each in METADATA6), *disguised]


def test_t1_metadata_addresses_are_out_of_reach_in_every_spelling(ground: Arena) -> None:
    """For every way out: each service sends; nothing leaves its own link."""
    for service in ("evil", "crawler", "tv", "game", "db"):
        capture = ground.sniff("home")
        at_home = ground.address_of("home", f"v-{service}")
        packets = [
            wire.tcp(address(service, version), 4000, to, port, text=b"t1-metadata")
            for version, to in metadata_spellings()
            for port in (80, 443)
        ]
        ground.send(service, "eth0", *(wire.ether(at_home, FAKE_MAC, each) for each in packets))
        taken = capture.having(b"t1-metadata")
        assert taken and [each.network.hex() for each in taken if each.on != f"v-{service}"] == []


def test_t6_ipv6_is_judged_as_ipv4_is(ground: Arena) -> None:
    for version in (4, 6):
        questions = [
            ground.question(EVIL, kind, (address(each.name, version), port.ports.first), timeout=0.4)
            for each in SERVICES
            if each.name != EVIL
            for port in each.ports
            for kind in ("tcp", "udp")
        ]
        assert set(ground.asks(questions)) == {None}
        assert ground.ask("cloud", "tcp", (address("db", version), 5432)) == f"db {address('cloud', version)}"
        assert ground.ask("blog", "tcp", (address("cloud", version), 80)) == f"cloud {address('blog', version)}"
        assert ground.ask("far", "tcp", (address("cloud", version), 80)) == f"cloud {address('far', version)}"
        assert ground.ask("cloud", "udp", (address("game", version), 27017)), "a range"
        assert ground.ask("db", "tcp", (address("cloud", version), 80), timeout=0.3) is None, "not the other way round"


@BOTH
def test_t9_asking_for_a_public_address_is_no_way_round_and_no_dead_end(ground: Arena, version: int) -> None:
    """Whoever has a way out gets what the Internet gets, also for itself and with two gateways; others nothing."""
    asked = [
        (service, exposure)
        for service in SERVICES
        for exposure in EXPOSURES
        if not exposure.is_lan and not is_circle(service.name, exposure.service, version)
    ]
    where = [(public(exposure.at, version), exposure.ports.first) for _, exposure in asked]
    questions = [
        ground.question(service.name, exposure.protocol.value, to, timeout=1.0)
        for (service, exposure), to in zip(asked, where, strict=True)
    ]
    for (service, exposure), answer in zip(asked, ground.asks(questions), strict=True):
        leaves = service.egress.kind in (EgressKind.DIRECT, EgressKind.GATEWAY)
        is_open = leaves and not exposure.sources and exposure.ports.first != SILENT
        expected = exposure.service if is_open else None
        told = answer.split()[0] if answer else None
        assert told == expected, f"{service.name} -> {exposure.at}:{exposure.ports} ({exposure.service})"


def is_circle(service: str, target: str, version: int) -> bool:
    """IPv6 without translation: it leaves home by the uplink and comes back by a tunnel as the home's own address."""
    return version == 6 and service == "crawler" and target in {each.name for each in SERVICES if each.host == "home"}
