"""Translations of sets, against those of packets."""

from __future__ import annotations

import pytest

from tests.networks import outside_of, states_of
from tests.topologies import two_hosts
from warren.formats.nft import model as nft
from warren.prove import packets
from warren.prove.devices import one
from warren.prove.diagrams import ALL, NOTHING, Diagram
from warren.prove.header import SYN, Packet, packet
from warren.prove.hooks import hooks
from warren.prove.judge import Ruling
from warren.prove.look import View
from warren.prove.lookups import Reader
from warren.prove.naming import Names, Naming
from warren.prove.network import network
from warren.prove.packets import DADDR, DPORT, PROTO, QUESTION, SADDR
from warren.prove.scene import Scene
from warren.prove.sieve import Translated, Translation
from warren.prove.translate import translated

HOME = network(states_of(two_hosts()), outside_of(two_hosts())).nodes["home"]
SPACE = packets.space(4)
SCENE = Scene(SPACE, 4, HOME, QUESTION, one("v-cloud"), one("eth0"), "new", "original", SYN)
ASKED = packet("10.86.1.2", "198.51.100.7", "tcp", 80)
THERE = nft.Prefix.of("10.86.1.3")
BY_PORT = nft.MapLookup(
    nft.Payload("th", "dport"),
    nft.AnonymousMap(frozenset({nft.Element((80,), (THERE,)), nft.Element((81,), (nft.Prefix.of("10.86.1.4"),))})),
)


def alone(asked: Packet) -> Diagram:
    """The set of one packet, whatever its client's port."""
    found = ALL
    for level, value in ((SADDR, asked.source), (DADDR, asked.target), (PROTO, asked.protocol), (DPORT, asked.dport)):
        found = SPACE.both(found, SPACE.spans(level, [(value, value)]))
    return found


def given(rule: Translation, headers: Diagram) -> Translated:
    chain = nft.Chain("nat", (nft.Rule((rule,)),), nft.Hook("nat", "prerouting", -100))
    base = hooks([nft.Table("inet", "t", chains=(chain,))]).nats["prerouting"][0]
    return Translated((0, 0), headers, rule, base)


def slow(rule: Translation) -> Packet:
    view = View(ASKED, "v-cloud", "eth0")
    element = next((each for each in _elements(rule) if each.key == (ASKED.dport,)), None)
    leads = element.data if element and isinstance(element.data, tuple) else ()
    found = translated(HOME, "prerouting", view, Ruling("accept", view, translation=rule, leads=leads))
    assert found is not None
    return found


def _elements(rule: Translation) -> frozenset[nft.Element]:
    match rule:
        case nft.Dnat(to=nft.MapLookup(map=nft.AnonymousMap(elements))):
            return elements
    return frozenset()


@pytest.mark.parametrize(
    "rule",
    [
        nft.Dnat(None, nft.Endpoint(THERE)),
        nft.Dnat(None, nft.Endpoint(THERE, 8080)),
        nft.Dnat("ip", BY_PORT),
        nft.Redirect(81),
        nft.Redirect(),
    ],
    ids=str,
)
def test_targets_are_those_of_the_packet_and_lead_back(rule: Translation) -> None:
    names = Names(SPACE, Reader(SPACE))
    moved = names.targets(given(rule, alone(ASKED)), SCENE, "prerouting")
    now = SPACE.forget(moved, frozenset({packets.ODADDR, packets.ODPORT}))
    assert now == alone(slow(rule))
    back = SPACE.forget(names.exchanged_targets(moved), frozenset({packets.ODADDR, packets.ODPORT}))
    assert back == alone(ASKED)


@pytest.mark.parametrize(
    ("rule", "ports"),
    [
        (nft.Masquerade(), False),
        (nft.Masquerade(nft.Span(61000, 65535)), True),
        (nft.Snat(None, nft.Endpoint(THERE)), False),
    ],
    ids=str,
)
def test_sources_are_those_of_the_packet_and_lead_back(rule: Translation, ports: bool) -> None:
    names = Names(SPACE, Reader(SPACE))
    found = {has: each for has, each in names.sources(given(rule, alone(ASKED)), SCENE, "postrouting") if each}
    assert list(found) == [ports]
    levels = frozenset({packets.OSADDR, packets.SPORT, packets.OSPORT})
    assert SPACE.forget(found[ports], levels) == alone(slow(rule))
    assert SPACE.forget(names.exchanged_sources(found[ports], ports), levels) == alone(ASKED)


def test_what_a_map_does_not_hold_is_not_translated() -> None:
    names, ssh = Names(SPACE, Reader(SPACE)), packet("10.86.1.2", "198.51.100.7", "tcp", 22)
    assert names.targets(given(nft.Dnat("ip", BY_PORT), alone(ssh)), SCENE, "prerouting") == NOTHING


def test_two_old_targets_stay_apart_behind_one_new() -> None:
    names, other = Names(SPACE, Reader(SPACE)), packet("10.86.1.2", "198.51.100.8", "tcp", 80)
    both = SPACE.either(alone(ASKED), alone(other))
    moved = names.targets(given(nft.Dnat(None, nft.Endpoint(THERE)), both), SCENE, "prerouting")
    back = SPACE.forget(names.exchanged_targets(moved), frozenset({packets.ODADDR, packets.ODPORT}))
    assert back == both


def test_connection_tracking_says_what_was_translated() -> None:
    assert Naming().status == frozenset()
    assert Naming(target=True, source=True).status == {"dnat", "snat"}
