"""Packets in pieces and headers before headers, from the Internet and from a service, both families (T4, T28, T60)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.netns import wire
from tests.netns.arena import Arena, Packet, arena
from tests.netns.threatened import CLIENT, SERVER, address, public, threatened

pytestmark = pytest.mark.netns
BOTH = pytest.mark.parametrize("version", (4, 6))
HOP_BY_HOP, FRAGMENT, AUTHENTICATION, TARGET, MOBILITY = 0, 44, 51, 60, 135
# Protocols that nobody permits: ICMP's and TCP's neighbours, tunnels, SCTP, UDP-Lite, experiments.
OTHERS = (2, 4, 33, 41, 47, 50, 89, 103, 115, 132, 136, 253)
FILL = b"-" * 64


@dataclass(frozen=True, slots=True)
class Way:
    """Who sends by which interface, where it is seen first, and by which interface it comes in there."""

    place: str
    host: str
    link: str

    def source(self, version: int) -> str:
        """Its own address."""
        return CLIENT[version] if self.place == "internet" else address(self.place, version)

    def closed(self, version: int) -> tuple[str, int]:
        """Where it may not go."""
        return (public("vps", version), 631) if self.place == "internet" else (address("db", version), 5432)

    def open(self, version: int) -> tuple[str, int]:
        """Where it may."""
        return public("vps", version), 12345


WAYS = pytest.mark.parametrize(
    "way", [Way("internet", "vps", "eth0"), Way("evil", "home", "v-evil")], ids=["internet", "service"]
)


@pytest.fixture(scope="module")
def ground() -> Iterator[Arena]:
    with arena(threatened()) as made:
        for any_address in ("0.0.0.0", "::"):
            made.serve("vps", "udp", any_address, 631)
            made.serve("server", "udp", any_address, 53)
        yield made


def beyond(ground: Arena, way: Way, text: bytes, *packets: bytes, some: bool = True) -> list[Packet]:
    """Where else these packets are seen; `some` of them must come in, as the provider puts pieces together itself."""
    capture = ground.sniff(way.host)
    target = ground.next_link("internet") if way.place == "internet" else ground.address_of("home", way.link)
    own = ground.address_of(way.place, "eth0")
    ground.send(way.place, "eth0", *(wire.ether(target, own, each) for each in packets))
    taken = capture.having(text)
    assert taken or not some, "they come in"
    # A service is told that it is refused, on its own link and with its own words.
    return [each for each in taken if each.on != way.link or (each.out and way.place == "internet")]


def pieces(packet: bytes, *cuts: int, number: int = 7) -> list[bytes]:
    """An IP packet of either family as fragments that begin at these bytes of its payload (multiples of eight)."""
    if packet[0] >> 4 == 4:
        return _pieces4(packet, cuts, number)
    head, payload = packet[:40], packet[40:]
    made = []
    for first, last in zip((0, *cuts), (*cuts, len(payload)), strict=True):
        more = int(last < len(payload))
        part = struct.pack("!BBHI", head[6], 0, first | more, number) + payload[first:last]
        made.append(head[:4] + struct.pack("!HB", len(part), FRAGMENT) + head[7:] + part)
    return made


def _pieces4(packet: bytes, cuts: tuple[int, ...], number: int) -> list[bytes]:
    head, payload = packet[:20], packet[20:]
    made = []
    for first, last in zip((0, *cuts), (*cuts, len(payload)), strict=True):
        more = 0x2000 if last < len(payload) else 0
        length = struct.pack("!HHH", 20 + last - first, number, more | first // 8)
        fresh = head[:2] + length + head[8:10] + b"\0\0" + head[12:]
        made.append(fresh[:10] + struct.pack("!H", wire.checksum(fresh)) + fresh[12:] + payload[first:last])
    return made


@WAYS
@BOTH
def test_pieces_are_judged_whole(ground: Arena, way: Way, version: int) -> None:
    """In order and not, tiny, and only the last, in which no port is."""
    source, (to, port) = way.source(version), way.closed(version)
    for number, cuts in enumerate(((8,), (16,), (8, 16, 24, 32), (64,)), 100):
        made = pieces(wire.udp(source, 40000, to, port, b"t28-piece" + FILL), *cuts, number=number)
        assert beyond(ground, way, b"-" * 8, *made) == []
        assert beyond(ground, way, b"-" * 8, made[-1], some=False) == []
        late = pieces(wire.udp(source, 40000, to, port, b"t28-piece" + FILL), *cuts, number=number + 300)
        assert beyond(ground, way, b"-" * 8, *reversed(late)) == []
    whole = wire.udp(source, 40003, *way.open(version), b"t28-piece" + FILL)
    assert beyond(ground, way, b"-" * 30, *pieces(whole, 32, number=900)) != [], "what is permitted arrives in pieces"


@WAYS
@BOTH
def test_pieces_that_overlap_do_not_become_another_packet(ground: Arena, way: Way, version: int) -> None:
    """The first names a port that is open; what comes over it says another."""
    source, (to, port) = way.source(version), way.open(version)
    (closed_to, closed), capture = way.closed(version), ground.sniff(way.host)
    mild = wire.udp(source, 40004, to, port, b"t28-overlap" + FILL)
    wild = wire.udp(source, 40004, to if way.place == "internet" else closed_to, closed, b"t28-overlap" + FILL)
    for number, order in enumerate(((0, 1), (1, 0)), 1000):
        first = pieces(mild, 32, number=number)
        second = pieces(wild, 32, number=number)
        mixed = [first[0], second[0], first[1]]
        beyond(ground, way, b"t28-overlap", *(mixed if order[0] == 0 else [second[0], first[0], first[1]]))
    went = [each.network for each in capture.having(b"t28-overlap") if each.on != way.link]
    start, kind = (20, 9) if version == 4 else (40, 6)
    datagrams = [each for each in went if each[0] >> 4 == version and each[kind] == wire.UDP]
    assert {int.from_bytes(each[start + 2 : start + 4]) for each in datagrams} <= {port}


def options(following: int) -> bytes:
    """Eight bytes that say nothing, and what comes behind them."""
    return struct.pack("!BB", following, 0) + b"\x01\x04\0\0\0\0"


@WAYS
def test_headers_before_headers_hide_nothing(ground: Arena, way: Way) -> None:
    """Options for every hop and for the target, an atomic fragment, and several of them in a row."""
    source, (to, port) = way.source(6), way.closed(6)
    inner = wire.udp(source, 40000, to, port, b"t28-behind")[40:]
    atomic = struct.pack("!BBHI", wire.UDP, 0, 0, 77)
    chains = (
        (HOP_BY_HOP, options(wire.UDP) + inner),
        (TARGET, options(wire.UDP) + inner),
        (FRAGMENT, atomic + inner),
        (HOP_BY_HOP, options(TARGET) + options(wire.UDP) + inner),
        (TARGET, options(FRAGMENT) + atomic + inner),
        (TARGET, options(TARGET) * 6 + options(wire.UDP) + inner),
        (AUTHENTICATION, struct.pack("!BBHII", wire.UDP, 2, 0, 1, 1) + b"\0" * 4 + inner),
        (MOBILITY, options(wire.UDP) + inner),
    )
    passed = beyond(ground, way, b"t28-behind", *(wire.ip(source, to, kind, rest) for kind, rest in chains))
    assert [each.network.hex() for each in passed if each.on != way.link] == []


RECORD, STAMPS = b"\x07\x27\x04" + b"\0" * 37, b"\x44\x24\x05\x01" + b"\0" * 32


@WAYS
def test_options_do_not_pass_in_a_connection_that_stands_either(ground: Arena, way: Way) -> None:
    """T60: they would come out with the addresses of all who forwarded them."""
    to = way.open(4) if way.place == "internet" else (SERVER[4], 53)
    any_address = ("0.0.0.0", 40077)
    assert ground.ask(way.place, "udp", to, any_address) and ground.ask(way.place, "udp", to, any_address)
    plain = wire.udp(way.source(4), 40077, *to, b"t60-stands")
    assert beyond(ground, way, b"t60-stands", plain) != [], "it stands"
    for options in (RECORD, STAMPS, b"\x94\x04\0\0"):
        packet = wire.udp(way.source(4), 40077, *to, b"t60-option", options=options)
        assert beyond(ground, way, b"t60-option", packet) == []


@WAYS
@BOTH
def test_what_is_neither_tcp_nor_udp_goes_nowhere(ground: Arena, way: Way, version: int) -> None:
    source = way.source(version)
    # What a service sends to the Internet is its own affair; there its gateway's name is one of many.
    targets = [way.closed(version)[0], *([way.open(version)[0]] if way.place == "internet" else [])]
    packets = [
        wire.ip(source, to, kind, b"\x30\x39\x30\x39" + b"t28-other" + FILL) for kind in OTHERS for to in targets
    ]
    assert [each.network.hex() for each in beyond(ground, way, b"t28-other", *packets) if each.on != way.link] == []


@BOTH
def test_pieces_with_a_forged_source_end_at_their_own_link(ground: Arena, version: int) -> None:
    way = Way("evil", "home", "v-evil")
    for number, name in enumerate(("cloud", "db", "home", "vps"), 2000):
        forged = wire.udp(address(name, version), 5000, address("game", version), 27015, b"t4-forged" + FILL)
        assert beyond(ground, way, b"-" * 8, *pieces(forged, 16, number=number)) == []
