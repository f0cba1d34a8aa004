from __future__ import annotations

import pytest

from tests.unit.prove.scenes import header, number, reader, scene
from warren.formats.nft import model as nft
from warren.prove.diagrams import ALL, NOTHING

SADDR, DADDR = nft.Payload("ip", "saddr"), nft.Payload("ip", "daddr")
PROTO, DPORT = nft.Meta("l4proto"), nft.Payload("th", "dport")
CLOUD, DB = nft.Prefix.of("10.86.1.2"), nft.Prefix.of("10.86.1.3")
HELD = {
    "permit": nft.Set(
        "permit",
        ("ipv4_addr", "ipv4_addr", "inet_proto", "inet_service"),
        elements=frozenset({nft.Element((CLOUD, DB, "tcp", 5432)), nft.Element((CLOUD, DB, "udp", nft.Span(10, 20)))}),
    ),
    "links": nft.Set("links", ("ifname",), elements=frozenset({nft.Element(("v-cloud",)), nft.Element(("eth9",))})),
}


def holds(
    match: nft.Match, target: str = "10.86.1.3", protocol: str = "tcp", port: int = 5432, origin: int = 0
) -> bool:
    at = scene()
    diagram = reader(at).match(HELD, match, at)
    return at.space.holds(diagram, header("10.86.1.2", target, protocol, port, origin))


FLOW = nft.Match("==", nft.Concat((SADDR, DADDR, PROTO, DPORT)), nft.SetReference("permit"))


def test_a_concatenation_is_a_box_of_levels() -> None:
    assert holds(FLOW) and not holds(FLOW, port=5433) and not holds(FLOW, target="10.86.1.4")
    assert holds(FLOW, protocol="udp", port=15) and not holds(FLOW, protocol="udp", port=21)


@pytest.mark.parametrize(
    ("match", "passed"),
    [
        (nft.Match("==", nft.Meta("iifname"), nft.SetReference("links")), (True, False)),
        (nft.Match("!=", nft.Meta("iifname"), nft.SetReference("links")), (False, True)),
        (nft.Match("==", nft.Meta("iifname"), nft.Literal("v-db")), (False, True)),
        (nft.Match("==", SADDR, nft.SetReference("gone")), (False, False)),
    ],
)
def test_devices_are_asked_by_the_place_of_origin(match: nft.Match, passed: tuple[bool, bool]) -> None:
    assert (holds(match, origin=0), holds(match, origin=1)) == passed


@pytest.mark.parametrize(
    ("match", "passed"),
    [
        (nft.Match(">", DPORT, nft.Literal(5431)), True),
        (nft.Match("<", DPORT, nft.Literal(5432)), False),
        (nft.Match("==", nft.Payload("udp", "dport"), nft.Literal(5432)), False),
        (nft.Match("!=", nft.Payload("udp", "dport"), nft.Literal(1)), False),
        (nft.Match("==", DPORT, nft.AnonymousSet(frozenset({(22,), (nft.Span(5000, 6000),)}))), True),
        (nft.Match("in", nft.Ct("state"), nft.Flags(frozenset({"new"}))), True),
        (nft.Match("!=", nft.Ct("state"), nft.Flags(frozenset({"new"}))), False),
        (nft.Match("==", nft.Payload("tcp", "flags"), nft.Flags(frozenset({"syn"}))), True),
        (nft.Match("==", nft.Fib("type", frozenset({"daddr"})), nft.Literal("local")), False),
        (nft.Match("==", nft.Rt("mtu"), nft.Literal(1)), False),
    ],
)
def test_matches(match: nft.Match, passed: bool) -> None:
    assert holds(match) is passed


def test_a_match_is_read_once() -> None:
    at = scene()
    made = reader(at)
    assert made.match(HELD, FLOW, at) == made.match(HELD, FLOW, at)
    assert len(made._known) == 2


def test_a_map_gives_headers_for_each_of_its_values() -> None:
    at = scene()
    pairs = frozenset({nft.Element(("v-cloud",), nft.Accept()), nft.Element(("v-db",), nft.Drop())})
    found = dict(reader(at).leads({}, nft.AnonymousMap(pairs), nft.Meta("iifname"), at))
    assert set(found) == {nft.Accept(), nft.Drop()}
    assert at.space.holds(found[nft.Accept()], header("10.86.1.2", "10.86.1.3", "tcp", 1, 0))
    assert reader(at).leads({}, nft.SetReference("gone"), nft.Meta("iifname"), at) == ()


def test_a_constant_question_is_all_or_nothing() -> None:
    at = scene()
    reply = nft.Match("==", nft.Ct("direction"), nft.Literal("reply"))
    assert reader(at).match({}, reply, at) == NOTHING
    assert reader(at).match({}, nft.Match("!=", reply.left, reply.right), at) == ALL
    assert number("10.86.1.2") == CLOUD.first
