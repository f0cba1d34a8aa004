"""What is bound for a set has, for each packet of it, the value that the packet on its own has."""

from __future__ import annotations

import pytest

from tests.networks import outside_of, states_of
from tests.topologies import two_hosts
from warren.formats.nft import model as nft
from warren.prove import packets
from warren.prove.devices import Devices, one
from warren.prove.header import SYN, Packet, packet
from warren.prove.look import View, look
from warren.prove.network import network
from warren.prove.packets import ANSWER, QUESTION, SADDR
from warren.prove.scene import Scene, bind

HOME = network(states_of(two_hosts()), outside_of(two_hosts())).nodes["home"]
SPACE = packets.space(4)
SCENE = Scene(SPACE, 4, HOME, QUESTION, one("v-a"), one("eth0"), "new", "original", SYN, frozenset({"dnat"}), 0, 0x1001)
ASKED = (
    packet("10.0.0.1", "10.86.1.1", "tcp", 80),
    packet("10.0.0.1", "10.0.0.2", "udp", 53),
    packet("10.0.0.1", "10.0.0.2", "icmp"),
)
SADDR_, DADDR_ = nft.Payload("ip", "saddr"), nft.Payload("ip", "daddr")


def view(asked: Packet) -> View:
    return View(asked, "v-a", "eth0", ct_mark=0x1001, status=frozenset({"dnat"}), local=HOME.local)


@pytest.mark.parametrize("asked", ASKED, ids=str)
@pytest.mark.parametrize(
    "expression",
    [
        nft.Meta("nfproto"),
        nft.Meta("mark"),
        nft.Meta("length"),
        nft.Ct("state"),
        nft.Ct("status"),
        nft.Ct("direction"),
        nft.Ct("mark"),
        nft.Ct("mark", "reply"),
        nft.Masked(nft.Ct("mark"), 0xF000),
        nft.Masked(nft.Ct("status"), nft.Flags(frozenset({"dnat", "snat"}))),
        nft.Payload("tcp", "flags"),
        nft.Payload("ip6", "saddr"),
        nft.Rt("mtu"),
    ],
    ids=str,
)
def test_what_all_have_in_common_is_a_value(asked: Packet, expression: nft.Expression) -> None:
    bound = bind(expression, SCENE)
    concerned = bound is not None and SPACE.holds(bound.domain, packets.values(asked))
    assert (bound.value if bound and concerned else None) == look(expression, view(asked))


@pytest.mark.parametrize("asked", ASKED, ids=str)
@pytest.mark.parametrize(
    "expression",
    [
        SADDR_,
        DADDR_,
        nft.Meta("l4proto"),
        nft.Payload("th", "dport"),
        nft.Payload("udp", "sport"),
        nft.Payload("tcp", "dport"),
    ],
    ids=str,
)
def test_what_differs_is_a_level(asked: Packet, expression: nft.Expression) -> None:
    bound, value = bind(expression, SCENE), look(expression, view(asked))
    assert bound is not None and bound.level is not None
    levels = packets.values(asked)
    assert (levels[bound.level] if SPACE.holds(bound.domain, levels) else None) == value


def test_an_answers_source_is_the_questions_target() -> None:
    answer = Scene(SPACE, 4, HOME, ANSWER, one("v-a"), one(""), "established", "reply", SYN)
    for one_, other in ((SADDR_, DADDR_), (nft.Payload("th", "sport"), nft.Payload("th", "dport"))):
        asked, answered = bind(one_, SCENE), bind(other, answer)
        assert asked and answered and asked.level == answered.level


def test_devices_that_the_header_tells_are_spans_of_a_level() -> None:
    told = Devices(SADDR, {"v-a": ((1, 2),), "v-b": ((3, 3),), "eth0": ((4, 4),)})
    scene = Scene(SPACE, 4, HOME, QUESTION, told, one("eth0"), "new", "original", SYN)
    iif, oif = bind(nft.Meta("iifname"), scene), bind(nft.Meta("oifname"), scene)
    assert iif and iif.at == SADDR and iif.spans(scene, "v-*") == [(1, 2), (3, 3)] and iif.spans(scene, "gone") == []
    assert oif and oif.at is None and oif.spans(scene, "eth0") is None and oif.spans(scene, "v-a") == []


def test_types_of_icmp_are_the_upper_half_of_their_level() -> None:
    bound = bind(nft.Payload("icmp", "type"), SCENE)
    assert bound and bound.spans(SCENE, "echo-request") == [(0x0800, 0x08FF)] == bound.spans(SCENE, 8)
    assert bound.spans(SCENE, "nothing") == []


def test_own_addresses_are_local() -> None:
    bound = bind(nft.Fib("type", frozenset({"daddr"})), SCENE)
    assert bound and bound.spans(SCENE, "unicast") == []
    spans = bound.spans(SCENE, "local") or []
    assert any(first <= ASKED[0].target <= last for first, last in spans)
    assert not any(first <= ASKED[1].target <= last for first, last in spans)
