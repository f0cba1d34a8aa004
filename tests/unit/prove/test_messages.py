"""Messages without which a host is deaf."""

from __future__ import annotations

import pytest

from tests.networks import outside_of, states_of
from tests.topologies import two_hosts
from tests.unit.prove.test_invariants import with_rules
from warren.formats.nft import model as nft
from warren.prove import messages
from warren.prove.matrix import prove


def unheard(host: str, chain: str, *rules: nft.Rule) -> set[str]:
    """What is lost with rules before those of a chain."""
    proof = prove(with_rules(host, chain, *rules), outside_of(two_hosts()))
    return {f"{origin.place}: {packet}" for origin, packet in messages.unheard(proof)}


def drops(protocol: str) -> nft.Rule:
    return nft.Rule((nft.Match("==", nft.Meta("l4proto"), nft.Literal(protocol)), nft.Drop()))


def test_everything_arrives_at_what_warren_makes() -> None:
    proof = prove(states_of(two_hosts()), outside_of(two_hosts()))
    assert list(messages.unheard(proof)) == []


@pytest.mark.parametrize(
    ("host", "chain", "protocol", "lost"),
    [
        ("vps", "guard", "icmp", "internet: icmp 8.8.4.4 -> 203.0.113.10"),
        ("vps", "guard", "ipv6-icmp", "internet: ipv6-icmp 2620::42 -> 2001:db8:10::10"),
        ("home", "input_inside", "icmp", "cloud: icmp 10.86.1.2 -> 10.86.1.1"),
        ("home", "input_inside", "ipv6-icmp", "cloud: ipv6-icmp fd86:86:86:1::2 -> fd86:86:86:1::1"),
    ],
)
def test_what_is_dropped_is_told(host: str, chain: str, protocol: str, lost: str) -> None:
    assert unheard(host, chain, drops(protocol)) == {lost}
