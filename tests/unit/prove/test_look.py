from __future__ import annotations

import pytest

from warren.formats.nft import model as nft
from warren.prove.header import packet
from warren.prove.look import View, find, fits, holds, look

VIEW = View(
    packet("10.0.0.1", "10.0.0.2", "tcp", 80), iif="v-a", oif="eth0", ct_mark=0x1001, status=frozenset({"dnat"})
)
PING = View(packet("fd00::1", "fd00::2", "icmp"))
SADDR, DPORT = nft.Payload("ip", "saddr"), nft.Payload("th", "dport")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (nft.Meta("iifname"), "v-a"),
        (nft.Meta("oifname"), "eth0"),
        (nft.Meta("l4proto"), 6),
        (nft.Meta("nfproto"), "ipv4"),
        (nft.Meta("mark"), 0),
        (SADDR, 0x0A000001),
        (nft.Payload("ip6", "saddr"), None),
        (nft.Payload("ip", "hdrlength"), 5),
        (DPORT, 80),
        (nft.Payload("udp", "dport"), None),
        (nft.Payload("tcp", "flags"), frozenset({"syn"})),
        (nft.Masked(nft.Ct("mark"), 0xF000), 0x1000),
        (nft.Ct("state"), frozenset({"new"})),
        (nft.Ct("direction"), "original"),
        (nft.Ct("mark", "reply"), None),
        (nft.Fib("type", frozenset({"daddr"})), "unicast"),
        (nft.Rt("mtu"), None),
    ],
)
def test_expressions_have_the_packets_values(expression: nft.Expression, value: object) -> None:
    assert look(expression, VIEW) == value


def test_icmp_types_have_names() -> None:
    assert look(nft.Payload("icmpv6", "type"), PING) == "echo-request"
    assert look(nft.Payload("icmp", "type"), PING) is None


def flags(*names: str) -> nft.Flags:
    return nft.Flags(frozenset(names))


@pytest.mark.parametrize(
    ("match", "passed"),
    [
        (nft.Match("==", DPORT, nft.Literal(80)), True),
        (nft.Match("!=", DPORT, nft.Literal(80)), False),
        (nft.Match(">", DPORT, nft.Literal(1023)), False),
        (nft.Match("<=", DPORT, nft.Literal(80)), True),
        (nft.Match("in", nft.Ct("state"), flags("new", "related")), True),
        (nft.Match("!", nft.Ct("status"), flags("dnat")), False),
        (nft.Match("==", nft.Payload("tcp", "flags"), flags("syn")), True),
        (nft.Match("!=", nft.Payload("udp", "dport"), nft.Literal(80)), False),
        (nft.Match("==", DPORT, nft.AnonymousSet(frozenset({(22,), (nft.Span(80, 90),)}))), True),
        (nft.Match("==", SADDR, nft.Literal(nft.Prefix.of("10.0.0.0/8"))), True),
    ],
)
def test_matches(match: nft.Match, passed: bool) -> None:
    assert holds({}, match, VIEW)[0] is passed


def test_a_concatenation_is_looked_up_as_one() -> None:
    element = nft.Element((nft.Prefix.of("10.0.0.1"), "tcp", nft.Span(80, 81)), comment="a -> b")
    held = nft.Set("permit", ("ipv4_addr", "inet_proto", "inet_service"), elements=frozenset({element}))
    key = nft.Concat((SADDR, nft.Meta("l4proto"), DPORT))
    assert holds({"permit": held}, nft.Match("==", key, nft.SetReference("permit")), VIEW) == (True, element)
    assert holds({}, nft.Match("!=", key, nft.SetReference("gone")), VIEW) == (True, None)
    assert find({"permit": held}, nft.SetReference("permit"), key, VIEW) is element
    assert find({"permit": held}, nft.SetReference("permit"), key, PING) is None


def test_names_of_devices_may_end_in_a_star() -> None:
    assert fits("v-a", "v-*") and not fits("eth0", "v-*") and fits(17, "udp") and not fits(17, "tcp")
