"""A match on a set holds for just the packets for which the slow reading says so."""

from __future__ import annotations

import pytest

from tests.networks import outside_of, states_of
from tests.topologies import two_hosts
from warren.formats.nft import model as nft
from warren.prove import packets
from warren.prove.devices import Devices, one
from warren.prove.diagrams import NOTHING
from warren.prove.header import SYN, packet
from warren.prove.look import View, holds
from warren.prove.lookups import Reader
from warren.prove.network import network
from warren.prove.packets import QUESTION, SADDR
from warren.prove.scene import Scene

HOME = network(states_of(two_hosts()), outside_of(two_hosts())).nodes["home"]
SPACE = packets.space(4)
READER = Reader(SPACE)
SCENE = Scene(SPACE, 4, HOME, QUESTION, one("v-a"), one("eth0"), "new", "original", SYN, frozenset({"dnat"}), 0, 0x1001)
ASKED = [
    packet(source, target, protocol, port)
    for source in ("10.0.0.1", "10.1.2.3", "192.168.2.9")
    for target in ("10.0.0.2", "10.86.1.1", "127.0.0.1")
    for protocol, port in (("tcp", 80), ("tcp", 81), ("udp", 80), ("tcp", 22), ("icmp", 0))
]
SOURCE, DPORT = nft.Payload("ip", "saddr"), nft.Payload("th", "dport")
KEY = nft.Concat((SOURCE, nft.Meta("l4proto"), DPORT))
ONE, WIDE = nft.Prefix.of("10.0.0.1"), nft.Prefix.of("10.0.0.0/8")


def flags(*names: str) -> nft.Flags:
    return nft.Flags(frozenset(names))


def elements(*keys: nft.Key) -> frozenset[nft.Element]:
    return frozenset(nft.Element(key) for key in keys)


LOOKUPS = {
    "permit": nft.Set("permit", ("ipv4_addr", "inet_proto", "inet_service"),
                      elements=elements((ONE, "tcp", nft.Span(80, 81)), (WIDE, "udp", 80), (WIDE, "tcp", 80))),
    "doors": nft.Set("doors", ("ifname", "inet_service"), elements=elements(("v-a", 80), ("v-b", 22))),
}  # fmt: skip


@pytest.mark.parametrize("op", ["==", "!="])
@pytest.mark.parametrize(
    ("left", "right"),
    [
        (SOURCE, nft.Literal(WIDE)),
        (DPORT, nft.Literal(80)),
        (nft.Payload("udp", "dport"), nft.Literal(80)),
        (DPORT, nft.AnonymousSet(frozenset({(22,), (nft.Span(81, 90),)}))),
        (nft.Payload("icmp", "type"), nft.Literal("echo-request")),
        (nft.Meta("l4proto"), nft.Literal("tcp")),
        (nft.Meta("iifname"), nft.Literal("v-*")),
        (nft.Meta("oifname"), nft.Literal("v-a")),
        (nft.Fib("type", frozenset({"daddr"})), nft.Literal("local")),
        (nft.Masked(nft.Ct("mark"), 0xF000), nft.Literal(0x1000)),
        (nft.Payload("tcp", "flags"), flags("syn")),
        (nft.Payload("ip6", "saddr"), nft.Literal(nft.Prefix.of("fd00::/8"))),
        (nft.Rt("mtu"), nft.Literal(1)),
        (KEY, nft.SetReference("permit")),
        (nft.Concat((nft.Meta("iifname"), DPORT)), nft.SetReference("doors")),
    ],
    ids=str,
)
def test_sets_and_packets_agree(op: nft.Operator, left: nft.Expression, right: nft.Literal) -> None:
    agrees(nft.Match(op, left, right))


@pytest.mark.parametrize(
    "match",
    [
        nft.Match("<", DPORT, nft.Literal(80)),
        nft.Match("<=", DPORT, nft.Literal(80)),
        nft.Match(">", DPORT, nft.Literal(80)),
        nft.Match(">=", DPORT, nft.Literal(81)),
        nft.Match("in", nft.Ct("state"), flags("new", "related")),
        nft.Match("!", nft.Ct("status"), flags("dnat")),
    ],
    ids=str,
)
def test_orders_and_flags_agree(match: nft.Match) -> None:
    agrees(match)


def agrees(match: nft.Match) -> None:
    headers = READER.match(LOOKUPS, match, SCENE)
    for asked in ASKED:
        view = View(asked, "v-a", "eth0", ct_mark=0x1001, status=frozenset({"dnat"}), local=HOME.local)
        assert SPACE.holds(headers, packets.values(asked)) is holds(LOOKUPS, match, view)[0], str(asked)


def test_a_set_that_is_not_there_holds_nothing() -> None:
    assert READER.match({}, nft.Match("==", KEY, nft.SetReference("gone")), SCENE) == NOTHING
    assert READER.leads({}, nft.SetReference("gone"), KEY, SCENE) == ()


def test_a_map_leads_to_each_of_its_values() -> None:
    first, second = nft.Accept(), nft.Drop()
    given = (nft.Element((80,), first), nft.Element((nft.Span(81, 90),), second), nft.Element((22,), first))
    where = nft.AnonymousMap(frozenset(given))
    leads = dict(READER.leads({}, where, nft.Payload("tcp", "dport"), SCENE))
    for asked, wanted in (("tcp", {first}), ("udp", set())):
        values = packets.values(packet("10.0.0.1", "10.0.0.2", asked, 80))
        assert {data for data, headers in leads.items() if SPACE.holds(headers, values)} == wanted
    values = packets.values(packet("10.0.0.1", "10.0.0.2", "tcp", 85))
    assert [data for data, headers in leads.items() if SPACE.holds(headers, values)] == [second]


def test_devices_that_headers_tell_are_looked_up_by_header() -> None:
    told = Devices(SADDR, {"v-a": ((1, 1),), "v-b": ((2, 2),)})
    scene = Scene(SPACE, 4, HOME, QUESTION, told, one(""), "new", "original", SYN)
    match = nft.Match("==", nft.Concat((nft.Meta("iifname"), DPORT)), nft.SetReference("doors"))
    found = READER.match(LOOKUPS, match, scene)
    wanted = SPACE.union(
        SPACE.both(SPACE.spans(SADDR, [(number,) * 2]), SPACE.spans(packets.DPORT, [(port,) * 2]))
        for number, port in ((1, 80), (2, 22))
    )
    assert found == wanted
