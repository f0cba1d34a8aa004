"""A neighbour on the home's LAN against everything behind the home (T24, T25)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.netns import wire
from tests.netns.arena import Arena, Capture, Packet, arena
from tests.netns.threatened import CLIENT, HOME_LAN, SERVER, SERVICES, address, public, threatened

pytestmark = pytest.mark.netns
BOTH = pytest.mark.parametrize("version", (4, 6))
NEIGHBOUR, LAN = "lan:home", "192.168.2.50"
LAN6, HOME_LAN6 = "2001:db8:a002::32", "2001:db8:a002::a"


@pytest.fixture(scope="module")
def ground() -> Iterator[Arena]:
    with arena(threatened()) as made:
        for any_address in ("0.0.0.0", "::"):
            made.serve("server", "udp", any_address, 53)
            made.serve("server", "tcp", any_address, 443)
            made.serve(NEIGHBOUR, "tcp", any_address, 80)
            made.serve(NEIGHBOUR, "udp", any_address, 5353)
        made.serve("home", "tcp", "127.0.0.1", 631)
        made.serve("home", "tcp", "::1", 631)
        yield made


def to_home(ground: Arena, packet: bytes) -> bytes:
    """A frame from the neighbour to the home's own link address, whatever the packet is for."""
    return wire.ether(ground.address_of("home", "eth0"), ground.address_of(NEIGHBOUR, "eth0"), packet)


def beyond(capture: Capture, text: bytes) -> list[Packet]:
    """What of it is seen anywhere but where it came in."""
    taken = capture.having(text)
    assert taken
    return [each for each in taken if each.on != "eth0" or each.out]


@BOTH
def test_t24_packets_for_the_network_end_at_the_home(ground: Arena, version: int) -> None:
    before = ground.counted("home", "from_outside")
    own = LAN if version == 4 else LAN6
    sources = [own, *(address(each, version) for each in ("cloud", "vps", "blog", "far", "home"))]
    targets = [address(each.name, version) for each in SERVICES] + [address("home", version), address("vps", version)]
    packets = [
        made
        for source in sources
        for target in targets
        for made in (
            wire.tcp(source, 40000, target, 80, text=b"t24-routed"),
            wire.tcp(source, 40000, target, 5432, text=b"t24-routed"),
            wire.udp(source, 40000, target, 12345, b"t24-routed"),
            wire.icmp(source, target, 8 if version == 4 else 128, 0, b"\0\0\0\0t24-routed"),
        )
    ]
    capture = ground.sniff("home")
    ground.send(NEIGHBOUR, "eth0", *(to_home(ground, each) for each in packets))
    assert beyond(capture, b"t24-routed") == []
    after = ground.counted("home", "from_outside")
    assert sum(after.values()) - sum(before.values()) == len(packets)


@BOTH
def test_cve_2019_14899_the_tunnel_address_tells_a_neighbour_nothing(ground: Arena, version: int) -> None:
    """No answer of any kind, so that neither the address nor its connections can be guessed from the LAN."""
    answers = ground.sniff(NEIGHBOUR)
    tunnel, own = address("home", version), LAN if version == 4 else LAN6
    probes = [
        wire.tcp(own, 40000 + flags, to, port, flags)
        for to in (tunnel, address("cloud", version))
        for port in (22, 80, 5432)
        for flags in (wire.SYN, wire.SYN | wire.ACK, wire.ACK, wire.RST, wire.FIN)
    ]
    injected = [wire.tcp(SERVER[version], 443, to, port, wire.ACK) for to in (tunnel,) for port in range(61000, 61050)]
    probes += [wire.icmp(own, tunnel, 8 if version == 4 else 128, 0), wire.udp(own, 40000, tunnel, 9)]
    ground.send(NEIGHBOUR, "eth0", *(to_home(ground, each) for each in (*probes, *injected)))
    from_home = wire.mac(ground.address_of("home", "eth0"))
    told = [
        each.network
        for each in answers.packets(0.1)
        if each.frame[6:12] == from_home and each.network[0] >> 4 in (4, 6)
    ]
    assert [each.hex() for each in told if each[0] >> 4 == version and not wire.is_icmp6(each)] == []


@BOTH
def test_cve_2020_8558_loopback_is_out_of_reach_from_the_lan(ground: Arena, version: int) -> None:
    assert ground.run("home", "cat /proc/sys/net/ipv4/conf/*/route_localnet | sort -u") == "0"
    for service in SERVICES:
        assert ground.run(service.name, "cat /proc/sys/net/ipv4/conf/*/route_localnet | sort -u") == "0"
    loop, own = ("127.0.0.1", LAN) if version == 4 else ("::1", LAN6)
    capture, local = ground.sniff(NEIGHBOUR), ground.sniff("home", "lo")
    packets = [wire.tcp(source, 40000, loop, 631, text=b"t24-loop") for source in (own, loop)]
    ground.send(NEIGHBOUR, "eth0", *(to_home(ground, each) for each in packets))
    assert local.having(b"t24-loop") == []
    assert [each for each in capture.packets() if not each.out and b"\x02\x77\x9c\x40" in each.network] == []


@contextmanager
def injected(ground: Arena, *routes: str) -> Iterator[None]:
    """What a hostile DHCP server (option 121) or router advertisement would put into the home's main table."""
    words = [f"ip {'-6 ' if ':' in each else ''}route {{}} {each} dev eth0" for each in routes]
    try:
        ground.run("home", " && ".join(word.format("add") for word in words))
        yield
    finally:
        ground.run("home", " && ".join(word.format("del") for word in words))


def test_cve_2024_3661_injected_routes_do_not_move_what_leaves_by_a_gateway(ground: Arena) -> None:
    hosts4, hosts6 = f"{SERVER[4]}/32 via {LAN}", f"{SERVER[6]}/128 via {LAN6}"
    inner4, inner6 = f"10.86.0.0/16 via {LAN}", f"fd86:86:86::/48 via {LAN6}"
    with injected(ground, hosts4, hosts6, inner4, inner6):
        stolen = ground.sniff(NEIGHBOUR)
        for version in (4, 6):
            for service, gateway in (("evil", "vps"), ("game", "vps2")):
                answer = ground.ask(service, "tcp", (SERVER[version], 443))
                assert answer == f"server {public(gateway, version)}"
                assert ground.ask(service, "udp", (SERVER[version], 53))
            assert ground.ask("cloud", "tcp", (address("db", version), 5432))
            assert ground.ask("blog", "tcp", (address("cloud", version), 80)) == f"cloud {address('blog', version)}"
            assert ground.ask("internet", "tcp", (public("vps2", version), 8083)) == f"crawler {CLIENT[version]}"
        assert [each for each in stolen.packets() if _speaks_of_server(each)] == []


def test_t25_a_stolen_default_route_takes_the_tunnel_and_nothing_else(ground: Arena) -> None:
    """Halves of everything are better than any default route: the neighbour gets ciphertext only."""
    halves = [f"{half} via {LAN}" for half in ("0.0.0.0/1", "128.0.0.0/1")]
    halves += [f"{half} via {LAN6}" for half in ("::/1", "8000::/1")]
    with injected(ground, *halves):
        stolen = ground.sniff(NEIGHBOUR)
        questions = [
            ground.question(service, kind, (SERVER[version], port), timeout=0.4)
            for service in ("evil", "game", "cloud", "reader", "db")
            for version in (4, 6)
            for kind, port in (("udp", 53), ("tcp", 443))
        ]
        ground.asks(questions)
        taken = [each.network for each in stolen.packets() if not each.out and each.network[0] >> 4 in (4, 6)]
        datagrams = [each for each in taken if each[0] >> 4 == 4 and each[9] == 17]
        assert {int.from_bytes(each[22:24]) for each in datagrams} == {51820}, "the tunnels' packets, and only those"
        assert [each.hex() for each in taken if each not in datagrams and not wire.is_icmp6(each)] == []


def _speaks_of_server(packet: Packet) -> bool:
    return any(wire.ip(SERVER[v], SERVER[v], 6, b"")[-16 if v == 6 else -4 :] in packet.frame for v in (4, 6))


def test_t24_what_is_exposed_on_the_lan_is_open_there_and_nowhere_else(ground: Arena) -> None:
    assert ground.ask(NEIGHBOUR, "tcp", (HOME_LAN, 8443)) == f"cloud {LAN}"
    assert ground.ask(NEIGHBOUR, "tcp", (HOME_LAN, 8084)) == f"far {address('home', 4)}", "hidden, and on another host"
    closed = [
        ground.question(place, "tcp", (where, port), timeout=0.4)
        for place, wheres in (
            (NEIGHBOUR, (HOME_LAN6, address("home", 4))),
            ("lan:away", ("192.168.2.10",)),
            ("internet", ("198.18.2.1", HOME_LAN6, public("vps", 4))),
            ("vps", (address("home", 4), address("home", 6))),
            ("evil", (HOME_LAN, address("home", 4))),
            ("tv", (HOME_LAN,)),
        )
        for where in wheres
        for port in (8443, 8084)
        if (where, port) != (public("vps", 4), 8084)
    ]
    assert set(ground.asks(closed)) == {None}
    foreign = wire.tcp("192.168.3.50", 40000, HOME_LAN, 8443, text=b"t24-lan")
    capture = ground.sniff("home")
    ground.send(NEIGHBOUR, "eth0", to_home(ground, foreign))
    assert [each.on for each in beyond(capture, b"t24-lan") if each.on != "eth0"] == []


@BOTH
def test_t25_each_way_out_is_the_declared_one(ground: Arena, version: int) -> None:
    """From the server's side: direct, by one gateway, by the other; a LAN's neighbours, exceptions, and none at all."""
    outer = {4: "198.18.2.1", 6: HOME_LAN6}[version]
    expected = {
        "blog": public("vps", version),
        "shop": public("vps2", version),
        "cloud": public("vps", version),
        "evil": public("vps", version),
        "game": public("vps2", version),
        "far": public("vps2", version),
        "crawler": outer,
        "db": None,
        "tv": None,
        "reader": public("vps", 4) if version == 4 else None,
    }
    answers = ground.asks([ground.question(each, "tcp", (SERVER[version], 443), timeout=0.7) for each in expected])
    seen = [each.split()[1] if each else None for each in answers]
    assert dict(zip(expected, seen, strict=True)) == expected
    beside = LAN if version == 4 else LAN6
    near = [ground.question(each, "tcp", (beside, 80), timeout=0.4) for each in expected]
    reached = {name for name, answer in zip(expected, ground.asks(near), strict=True) if answer}
    assert reached == ({"tv"} if version == 4 else {"crawler"}), "the LAN's IPv6 prefix is not in the file: see below"


def test_t25_exceptions_of_a_prefix_are_closed(ground: Arena) -> None:
    ground.run("internet2", "ip addr add 192.0.2.53/32 dev lo")
    for any_address in ("0.0.0.0",):
        ground.serve("internet2", "tcp", any_address, 443)
    questions = [
        ground.question("reader", kind, to, timeout=0.4)
        for kind, to in (("udp", (SERVER[4], 53)), ("tcp", (SERVER[4], 80)), ("tcp", ("192.0.2.77", 443)))
    ]
    assert ground.asks(questions) == [None, None, None]
    assert ground.ask("reader", "udp", (LAN, 5353)) == f"{NEIGHBOUR} {HOME_LAN} 1"
    assert ground.ask("reader", "tcp", (LAN, 80), timeout=0.3) is None
