"""Rules are spelt as the kernel lists them."""

from warren.formats.nft.model import (
    Accept,
    Concat,
    Counter,
    Expression,
    Limit,
    Literal,
    Match,
    Meta,
    Payload,
    Prefix,
    Rule,
    SetReference,
    SetUpdate,
    Statement,
)

TCP = Match("==", Meta("l4proto"), Literal("tcp"))
ADDRESS = Match("==", Payload("ip", "saddr"), Literal(Prefix.of("10.0.0.1")))


def port(protocol: str, field: str = "dport", number: int = 53) -> Match:
    return Match("==", Payload(protocol, field), Literal(number))


def spelt(*statements: Statement) -> tuple[Statement, ...]:
    return Rule(statements).statements


def test_a_port_of_tcp_says_tcp() -> None:
    assert spelt(TCP, port("th"), Accept()) == (port("tcp"), Accept())
    assert spelt(TCP, ADDRESS, port("tcp")) == (ADDRESS, port("tcp"))
    assert spelt(Match("==", Payload("ip", "protocol"), Literal("tcp")), port("th"))[1] == port("tcp")


def test_a_counter_between_keeps_the_match() -> None:
    assert spelt(TCP, Counter(), port("th")) == (TCP, Counter(), port("tcp"))


def test_a_match_alone_stays() -> None:
    assert spelt(TCP, Accept()) == (TCP, Accept())
    nobody = Match("!=", Meta("l4proto"), Literal("tcp"))
    assert spelt(nobody, port("th")) == (nobody, port("th"))


def test_keys_of_the_rule_follow() -> None:
    def key(protocol: str) -> Expression:
        return Concat((Payload("ip", "saddr"), Payload(protocol, "dport")))

    lookup, limit = SetReference("s"), (Limit(5, "second"),)
    assert spelt(port("udp"), Match("==", key("th"), lookup), SetUpdate("add", "m", key("th"), limit)) == (
        port("udp"),
        Match("==", key("udp"), lookup),
        SetUpdate("add", "m", key("udp"), limit),
    )


def test_a_family_that_an_address_implies_is_not_said() -> None:
    assert spelt(Match("==", Meta("nfproto"), Literal("ipv4")), ADDRESS) == (ADDRESS,)
    icmp = Match("==", Payload("icmpv6", "type"), Literal("echo-request"))
    assert spelt(Match("==", Meta("l4proto"), Literal("ipv6-icmp")), icmp) == (icmp,)


def test_neighbours_are_in_the_order_of_the_header() -> None:
    to = Match("==", Payload("ip", "daddr"), Literal(Prefix.of("10.0.0.2")))
    assert spelt(to, ADDRESS) == (ADDRESS, to)
    assert spelt(port("tcp"), port("tcp", "sport")) == (port("tcp", "sport"), port("tcp"))
    assert spelt(port("tcp"), Counter(), port("tcp", "sport"))[0] == port("tcp")


def test_codes_of_icmp_are_numbers_whatever_the_version_of_nft_calls_them() -> None:
    code = Payload("icmp", "code")
    named = Rule((Match("==", code, Literal("frag-needed")),))
    assert named == Rule((Match("==", code, Literal(4)),))
