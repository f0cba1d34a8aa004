"""Somebody in the Internet against the gateways, and what they learn of the homes (T10, T11, T27, T28, T31, T60)."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from ipaddress import ip_address

import pytest

from tests.netns import wire
from tests.netns.arena import Arena, Packet, arena
from tests.netns.threatened import (
    CLIENT,
    CLIENT2,
    EXPOSURES,
    HOME_LAN,
    HOSTS,
    SERVICES,
    SILENT,
    TCP,
    address,
    public,
    threatened,
)

pytestmark = pytest.mark.netns
BOTH = pytest.mark.parametrize("version", (4, 6))
OUTSIDE = "internet"
NAMES = [*(each.name for each in SERVICES), *(each.name for each in HOSTS)]
# What only the home's provider and the gateways know.
SECRET = [HOME_LAN, "198.18.2.1", "2001:db8:a002::a", "2001:db8:f000::2:0:0:1", "198.18.3.1", "2001:db8:a003::a"]


@pytest.fixture(scope="module")
def ground() -> Iterator[Arena]:
    with arena(threatened()) as made:
        for any_address in ("0.0.0.0", "::"):
            for port in (22, 631, 65000):
                made.serve("vps", "tcp", any_address, port)
            made.serve("vps", "udp", any_address, 631)
            made.serve(OUTSIDE, "udp", any_address, 53)
            made.serve(OUTSIDE, "tcp", any_address, 21)
        yield made


def framed(ground: Arena, packet: bytes) -> bytes:
    """A frame from the outside client to its provider."""
    return wire.ether(ground.next_link(OUTSIDE), ground.address_of(OUTSIDE, "eth0"), packet)


def beyond_edge(ground: Arena, text: bytes, *packets: bytes) -> list[Packet]:
    """What the gateway does with packets of the Internet, besides taking them in."""
    capture = ground.sniff("vps")
    ground.send(OUTSIDE, "eth0", *(framed(ground, each) for each in packets))
    taken = capture.having(text)
    assert taken, "the provider brings them"
    return [each for each in taken if each.on != "eth0" or each.out]


@BOTH
def test_t27_the_edge_is_open_where_the_file_says_and_beside_it_closed(ground: Arena, version: int) -> None:
    exposed = {
        (each.at, each.protocol.value, port)
        for each in EXPOSURES
        if not each.is_lan
        for port in range(each.ports.first, each.ports.last + 1)
    }
    tried = {(at, kind, port + step) for at, kind, port in exposed for step in (-1, 0, 1)}
    tried |= {("vps", kind, port) for kind in ("tcp", "udp") for port in (53, 80, 631, 5432, 51820, 65000)}
    asked = sorted(tried - {("vps", "udp", SILENT)})
    questions = [ground.question(OUTSIDE, kind, (public(at, version), port), timeout=0.7) for at, kind, port in asked]
    answers = ground.asks(questions)
    open_ports = {each for each, answer in zip(asked, answers, strict=True) if answer}
    assert open_ports == exposed - {("vps", "udp", SILENT)}
    of_services = {answer.split()[1] for answer in answers if answer}
    assert of_services == {CLIENT[version], address("vps", version)}, (
        "the client's address, but where it is to be hidden"
    )


@BOTH
def test_t28_impossible_sources_end_before_translation(ground: Arena, version: int) -> None:
    before = ground.counted("vps", "from_outside")
    network = [address(each, version) for each in ("cloud", "db", "home", "vps", "blog")]
    impossible = {
        4: ["10.0.0.1", "100.64.0.1", "127.0.0.1", "169.254.1.1", "172.16.0.1", "192.168.2.50", "0.0.0.0", "224.0.0.1"],
        6: ["::1", "::", "fd00::1", "fe80::1", "ff02::1"],
    }[version]
    sources = [*network, *impossible, public("vps", version)]
    packets = [
        wire.tcp(source, 40000, public("vps", version), port, text=b"t28-source")
        for source in sources
        for port in (8080, 8081, 12346)
    ]
    packets += [wire.udp(source, 22, public("vps", version), 12345, b"t28-source") for source in sources]
    assert beyond_edge(ground, b"t28-source", *packets) == []
    after = ground.counted("vps", "from_outside")
    assert sum(after.values()) - sum(before.values()) >= len(packets) // 2, "the kernel drops some itself"


@BOTH
def test_t28_a_connection_that_stands_is_spoken_in_from_its_own_side_alone(ground: Arena, version: int) -> None:
    """What is already known of a connection must not let others take part in it: no service as the visitor..."""
    door = (public("vps", version), 9000)
    assert ground.ask(OUTSIDE, "udp", door, source=(CLIENT[version], 40123))
    visitor = wire.udp(CLIENT[version], 40123, *door, b"t28-visitor")
    assert beyond_edge(ground, b"t28-visitor", visitor), "the visitor goes on"
    capture = ground.sniff("vps")
    link = ground.address_of("vps", "v-blog"), ground.address_of("blog", "eth0")
    ground.send("blog", "eth0", wire.ether(*link, wire.udp(CLIENT[version], 40123, *door, b"t3-visitor")))
    taken = capture.having(b"t3-visitor")
    assert taken and all(each.on == "v-blog" and not each.out for each in taken)
    # ... nor somebody outside as a service that asks at the same door.
    assert ground.ask("blog", "udp", door, source=(address("blog", version), 40124))
    inner = address("blog", version)
    assert beyond_edge(ground, b"t28-inner", wire.udp(inner, 40124, *door, b"t28-inner")) == []
    assert beyond_edge(ground, b"t28-self", wire.udp(inner, 40124, address("shop", version), 9000, b"t28-self")) == []


@BOTH
def test_t28_the_networks_addresses_are_not_reached_through_the_provider(ground: Arena, version: int) -> None:
    """The lab's provider routes the network's own prefixes to the gateway, as a neighbour there could."""
    targets = [address(each, version) for each in NAMES]
    packets = [wire.tcp(CLIENT[version], 40000, each, 80, text=b"t28-inner") for each in targets]
    packets += [wire.udp(CLIENT[version], 40000, each, 12345, b"t28-inner") for each in targets]
    assert beyond_edge(ground, b"t28-inner", *packets) == []


def test_t28_options_do_not_pass_and_fragments_are_judged_whole(ground: Arena) -> None:
    vps, own = public("vps", 4), CLIENT[4]
    record, stamps = b"\x07\x27\x04" + b"\0" * 37, b"\x44\x24\x05\x01" + b"\0" * 32
    route = bytes((131, 7, 4)) + ip_address(address("db", 4)).packed
    options = [wire.tcp(own, 40000, vps, 8080, text=b"t28-options", options=each) for each in (record, stamps)]
    options += [
        wire.udp(own, 40000, vps, 12345, b"t28-options", options=each) for each in (record, stamps, b"\x94\x04\0\0")
    ]
    assert beyond_edge(ground, b"t28-options", *options, wire.tcp(own, 40000, vps, 8080, text=b"t28-options")) != []
    only = [each for each in options if each]
    assert beyond_edge(ground, b"t28-options", *only) == []
    routed = ground.sniff("vps")
    ground.send(OUTSIDE, "eth0", framed(ground, wire.tcp(own, 40000, vps, 8080, text=b"t28-routed", options=route)))
    assert [each for each in routed.having(b"t28-routed") if each.on != "eth0"] == []
    closed = wire.fragments(wire.udp(own, 40000, vps, 631, b"t28-fragment" + b"-" * 64), 8)
    assert beyond_edge(ground, b"-" * 30, closed[1], closed[0]) == []
    whole = wire.udp(own, 40003, vps, 12345, b"t28-fragment" + b"-" * 64)
    assert beyond_edge(ground, b"-" * 30, *wire.fragments(whole, 32)) != [], "a permitted datagram in pieces arrives"


def test_t28_a_routing_header_leads_nowhere(ground: Arena) -> None:
    """The way of IPv6 to name further stations: types 0 (RFC 5095), 2, and 4 (segment routing)."""
    inner = [ip_address(address(each, 6)).packed for each in ("cloud", "db", "blog", "home")]
    packets = [
        wire.ip(CLIENT[6], public("vps", 6), 43, bytes((wire.UDP, 2, kind, 1, 0, 0, 0, 0)) + station + segment)
        for kind in (0, 2, 4)
        for station in inner
        for segment in (wire.udp(CLIENT[6], 40000, public("vps", 6), 12345, b"t28-station")[40:],)
    ]
    passed = beyond_edge(ground, b"t28-station", *packets)
    assert [each.network.hex() for each in passed if each.on != "eth0"] == [], "errors to the sender at most"


@BOTH
def test_t28_odd_flags_pass_nowhere_and_are_not_answered(ground: Arena, version: int) -> None:
    odd = (0, wire.FIN, wire.FIN | wire.PSH | wire.URG, wire.SYN | wire.FIN, wire.SYN | wire.RST, wire.RST, 63)
    heard = ground.sniff(OUTSIDE)
    packets = [
        wire.tcp(CLIENT[version], 41000 + flags, public("vps", version), port, flags, b"t28-flags")
        for flags in (*odd, wire.SYN | wire.ACK)
        for port in (8080, 8081, 12346)
    ]
    assert beyond_edge(ground, b"t28-flags", *packets) == []
    ports = {int.from_bytes(each.network[-18 if version == 4 else -18 :][:2]) for each in heard.packets()}
    assert not {41000 + flags for flags in odd} & ports


@BOTH
def test_cve_2021_3773_a_service_cannot_shadow_a_port_that_listens(ground: Arena, version: int) -> None:
    """T10: its source port is the listener's, and still no packet for the listener becomes its own."""
    vps, client = public("vps", version), CLIENT[version]
    any_address = "0.0.0.0" if version == 4 else "::"
    seen = ground.sniff(OUTSIDE)
    for port in (22, 8080, 8081, 12345, 12346, 51820):
        ground.ask("evil", "udp", (client, 5300), (any_address, port), timeout=0.2)
        ground.ask("evil", "tcp", (client, 2100), (any_address, port), timeout=0.2)
    start = 20 if version == 4 else 40
    ours = [each.network for each in seen.packets() if not each.out and each.network[0] >> 4 == version]
    from_vps = [
        each for each in ours if ip_address(vps).packed in each[8:24] and each[9 if version == 4 else 6] in (6, 17)
    ]
    used = {tuple(int.from_bytes(each[at : at + 2]) for at in (start, start + 2)) for each in from_vps}
    sources = {source for source, target in used if target in (2100, 5300)}
    assert sources and min(sources) >= 61000
    assert ground.ask(OUTSIDE, "tcp", (vps, 8080), (client, 2100)) == f"cloud {client}"
    assert ground.ask(OUTSIDE, "tcp", (vps, 22), (client, 2100)) == f"vps {client}"
    assert ground.ask(OUTSIDE, "udp", (vps, 12345), (client, 5300)) == f"game {client} 1"


@BOTH
def test_t11_a_payload_with_an_address_opens_nothing(ground: Arena, version: int) -> None:
    """NAT slipstreaming: neither FTP's PORT nor SIP's contact makes the gateway expect a connection."""
    own = address("evil", version)
    commands = f"PORT {own.replace('.', ',')},31,144\r\nEPRT |{1 if version == 4 else 2}|{own}|8080|\r\n".encode()
    contact = f"REGISTER sip:x SIP/2.0\r\nVia: SIP/2.0/UDP {own}:5060\r\nContact: <sip:x@{own}:5060>\r\n\r\n"
    held = ground.request("hold", **ground.question("evil", "tcp", (CLIENT[version], 21)))["id"]
    ground.request("say", id=held, bytes=base64.b64encode(commands).decode())
    at_home = ground.address_of("home", "v-evil")
    packet = wire.udp(own, 5060, CLIENT[version], 5060, contact.encode())
    ground.send("evil", "eth0", wire.ether(at_home, ground.address_of("evil", "eth0"), packet))
    for host in ("home", "vps"):
        assert ground.run(host, "cat /proc/net/nf_conntrack_expect 2>/dev/null; true") == ""
        assert "helper" not in ground.run(host, "nft list ruleset")
    vps = public("vps", version)
    back = [wire.udp(CLIENT[version], 5060, vps, port, b"t11-back") for port in (5060, 8080)]
    assert beyond_edge(ground, b"t11-back", *back) == []


def at_most(begun: float) -> float:
    """A burst of 20, and 20 more each second since then."""
    return 21 + 20 * (time.monotonic() - begun)


@BOTH
def test_t31_a_limit_holds_for_one_source_and_leaves_the_others_alone(ground: Arena, version: int) -> None:
    to = (public("vps", version), 8090)
    begun = time.monotonic()
    answered = ground.asks([ground.question(OUTSIDE, "tcp", to, timeout=0.4) for _ in range(60)])
    assert 18 <= sum(1 for each in answered if each) <= at_most(begun)
    assert ground.ask("internet2", "tcp", to) == f"cloud {CLIENT2[version]}"
    assert ground.ask(OUTSIDE, "tcp", (public("vps", version), 8080)) == f"cloud {CLIENT[version]}"


def test_t31_a_limit_holds_for_all_addresses_of_one_link(ground: Arena) -> None:
    """With IPv6 every client has as many addresses as it likes."""
    to, own = (public("vps", 6), 8090), [f"2001:db8:fffe::{number:x}" for number in range(0x100, 0x13C)]
    ground.run("internet2", "; ".join(f"ip addr add {each}/64 dev eth0 nodad" for each in own))
    ground.in_core("ip", "route", "replace", "2001:db8:fffe::/64", "dev", "internet2")
    begun = time.monotonic()
    answered = ground.asks([ground.question("internet2", "tcp", to, (each, 0), timeout=0.4) for each in own])
    assert 15 <= sum(1 for each in answered if each) <= at_most(begun)
    assert ground.ask("server", "tcp", to)


@BOTH
def test_t31_ssh_takes_three_new_connections_in_twenty_seconds(ground: Arena, version: int) -> None:
    to = (public("vps", version), 22)
    place = {4: "server", 6: "internet2"}[version]
    answered = [ground.ask(place, "tcp", to, timeout=timeout) for timeout in (2.0, 2.0, 2.0, 0.3, 0.3, 0.3)]
    assert [bool(each) for each in answered] == [True, True, True, False, False, False]
    assert ground.ask({4: "internet2", 6: "server"}[version], "tcp", to)


def secrets() -> list[bytes]:
    """Every address that nobody outside may ever see, as in a packet and as text."""
    inner = [address(each, version) for each in NAMES for version in (4, 6)]
    return [form for each in (*SECRET, *inner) for form in (ip_address(each).packed, each.encode())]


def probing(version: int) -> list[bytes]:
    """What makes hosts on the way speak of themselves: lives that end, ports where nobody is, options, too much."""
    vps, own = public("vps", version), CLIENT[version]
    opened = [(each.protocol is TCP, each.ports.first) for each in EXPOSURES if each.at == "vps"]
    packets = []
    for ttl in range(1, 9):
        for number, (is_tcp, port) in enumerate(opened):
            sport = 30000 + ttl * 100 + number
            packets.append((wire.tcp if is_tcp else wire.udp)(own, sport, vps, port, ttl=ttl))
    packets += [wire.udp(own, 33000, vps, port) for port in (9, SILENT, 53, 33434)]
    packets += [wire.tcp(own, 33000, vps, port, flags) for port in (8080, 9) for flags in (wire.ACK, wire.FIN, 0)]
    packets += [wire.icmp(own, vps, 8 if version == 4 else 128, 0), wire.icmp(own, vps, 13, 0, b"\0" * 16)]
    if version == 4:
        record, stamps = b"\x07\x27\x04" + b"\0" * 37, b"\x44\x24\x05\x01" + b"\0" * 32
        packets += [
            wire.tcp(own, 34000, vps, port, options=each) for port in (8080, 12346) for each in (record, stamps)
        ]
        packets += [wire.udp(own, 34001, vps, 12345, options=record), wire.icmp(own, vps, 8, 0, options=record)]
    return packets


@BOTH
def test_t60_nothing_that_arrives_outside_names_the_home(ground: Arena, version: int) -> None:
    """Traceroutes through exposed ports, errors, closed ports, options, packets too big, a service that is gone."""
    heard, uplink = ground.sniff(OUTSIDE), ground.sniff("home", "eth0")
    ground.ask(OUTSIDE, "tcp", (public("vps", version), 8080))
    ground.send(OUTSIDE, "eth0", *(framed(ground, each) for each in probing(version)))
    big = [wire.udp(CLIENT[version], 35000, public("vps", version), 12345, b"-" * 1440)]
    ground.send(OUTSIDE, "eth0", *(framed(ground, each) for each in big))
    ground.run("home", "ip link set v-cloud down")
    try:
        ground.send(OUTSIDE, "eth0", *(framed(ground, each) for each in probing(version)))
        ground.asks([ground.question(OUTSIDE, "tcp", (public("vps", version), 8080), timeout=0.3)])
        arrived = [each for each in heard.packets(0.3) if not each.out]
        named = [each.network.hex() for each in arrived if any(form in each.network for form in secrets())]
        assert arrived and named == []
        client = ip_address(CLIENT[version]).packed
        told = [each.network.hex() for each in uplink.packets() if each.out and client in each.network[:40]]
        assert told == [], "what the home's own router would have had to hold back"
    finally:
        ground.run("home", "ip link set v-cloud up")
