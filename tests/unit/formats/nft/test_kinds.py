"""Types of expressions."""

from warren.formats.nft.expressions import Concat, Ct, Fib, Literal, Masked, Meta, Numgen, Payload
from warren.formats.nft.kinds import kind, kinds


def test_each_expression_has_a_type() -> None:
    assert kind(Payload("ip", "saddr")) == "ipv4_addr"
    assert kind(Payload("ip6", "daddr")) == "ipv6_addr"
    assert kind(Payload("ether", "saddr")) == "ether_addr"
    assert kind(Payload("th", "dport")) == "inet_service"
    assert kind(Payload("ip", "protocol")) == kind(Payload("ip6", "nexthdr")) == kind(Meta("l4proto")) == "inet_proto"
    assert kind(Payload("tcp", "flags")) == kind(Ct("state")) == "flags"
    assert kind(Masked(Ct("mark"), 1)) == kind(Meta("mark")) == "mark"
    assert kind(Ct("ip6 saddr", "original")) == "ipv6_addr"
    assert kind(Ct("proto-dst", "reply")) == "inet_service"
    assert kind(Fib("oif", frozenset())) == "ifname" and kind(Fib("type", frozenset())) == "symbol"
    assert kind(Numgen("random", 5)) == "number"
    assert kind(Literal(5)) == kind(Meta("pkttype")) == "symbol"


def test_a_concatenation_has_the_types_of_its_parts() -> None:
    assert kinds(Concat((Meta("iifname"), Payload("ip", "saddr")))) == ("ifname", "ipv4_addr")
