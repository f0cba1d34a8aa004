"""The short words, as nft writes them."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from tests.topologies import two_hosts
from warren.desired.parts.firewall import words
from warren.formats.nft import model as nft
from warren.formats.nft.write_expression import expression
from warren.formats.nft.write_rule import rule

FOUR, SIX = words.families(two_hosts())


def test_families_know_the_network_and_their_names() -> None:
    assert [str(each.network) for each in (FOUR, SIX)] == ["10.86.0.0/16", "fd86:86:86::/48"]
    assert [each.name("permit") for each in (FOUR, SIX)] == ["permit4", "permit6"]
    assert [each.type for each in (FOUR, SIX)] == ["ipv4_addr", "ipv6_addr"]


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (FOUR.flow, "ip saddr . ip daddr . meta l4proto . th dport"),
        (FOUR.flow_back, "ip daddr . ip saddr . meta l4proto . th sport"),
        (SIX.asked, "ip6 daddr . meta l4proto . th dport"),
        (SIX.asked_back, "ip6 saddr . meta l4proto . th sport"),
    ],
)
def test_an_answer_asks_for_the_same_key_with_its_ends_turned(key: nft.Concat, text: str) -> None:
    assert expression(key) == text


def test_a_rule_with_a_reason() -> None:
    given = words.rule(words.not_among(words.IIF, "links"), words.COUNTED, words.DROP, why="not ours")
    assert rule(given) == 'iifname != @links counter drop comment "not ours"'
    assert rule(words.rule(words.among(words.OIF, "links"), words.ACCEPT)) == "oifname @links accept"


def test_the_mark_of_a_connection_is_its_highest_byte() -> None:
    assert rule(words.rule(words.equal(words.CAME, 0x03000000))) == "ct mark & 0xff000000 == 0x03000000"
    assert rule(words.rule(words.BY_TUNNEL)) == "ct mark & 0xf0000000 != 0x00000000"


@pytest.mark.parametrize("text", ["10.86.0.1", "fd86::1"])
def test_a_single_address_is_a_prefix_of_full_length(text: str) -> None:
    assert words.single(ip_address(text)) == words.prefix(ip_network(text)) == nft.Prefix.of(text)
