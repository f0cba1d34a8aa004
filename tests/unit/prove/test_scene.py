from __future__ import annotations

from tests.unit.prove.scenes import number, scene
from warren.formats.nft import model as nft
from warren.prove.header import TCP
from warren.prove.packets import ANSWER, DADDR, DPORT, ORIGIN, PROTO, SADDR, SPORT
from warren.prove.scene import bind


def test_fields_are_levels_and_an_answer_has_them_exchanged() -> None:
    question, answer = scene(), scene(roles=ANSWER)
    for field, level, back in (("saddr", SADDR, DADDR), ("daddr", DADDR, SADDR)):
        one, other = bind(nft.Payload("ip", field), question), bind(nft.Payload("ip", field), answer)
        assert one and other and (one.level, other.level) == (level, back)
    port = bind(nft.Payload("th", "dport"), answer)
    assert port and port.level == SPORT
    assert bind(nft.Payload("ip6", "saddr"), question) is None


def test_what_all_packets_share_is_a_value() -> None:
    at = scene(ct_mark=0x1234, status=frozenset({"dnat"}))
    for expression, value in (
        (nft.Ct("state"), frozenset({"new"})),
        (nft.Ct("direction"), "original"),
        (nft.Ct("status"), frozenset({"dnat"})),
        (nft.Masked(nft.Ct("mark"), 0xFF00), 0x1200),
        (nft.Meta("mark"), 0),
        (nft.Meta("nfproto"), "ipv4"),
        (nft.Payload("ip", "hdrlength"), 5),
    ):
        bound = bind(expression, at)
        assert bound and bound.value == value and bound.level is None


def test_constants_are_spans_of_their_level() -> None:
    at = scene()
    assert _spans(nft.Meta("l4proto"), "udp") == [(17, 17)]
    assert _spans(nft.Payload("ip", "daddr"), nft.Prefix.of("10.0.0.0/24")) == [
        (number("10.0.0.0"), number("10.0.0.255"))
    ]
    assert _spans(nft.Meta("iifname"), "v-db") == [(1, 1)]
    assert _spans(nft.Meta("iifname"), "v-*") == [(0, 0), (1, 1), (2, 2)]
    assert _spans(nft.Payload("icmp", "type"), "echo-request") == [(0x0800, 0x08FF)]
    assert _spans(nft.Ct("direction"), "original") is None and _spans(nft.Ct("direction"), "reply") == []
    local = _spans(nft.Fib("type", frozenset({"daddr"})), "local")
    assert local is not None and (number("10.86.1.1"),) * 2 in local
    assert bind(nft.Meta("iifname"), at).at == ORIGIN  # type: ignore[union-attr]


def _spans(expression: nft.Expression, constant: nft.Value) -> list[tuple[int, int]] | None:
    at = scene()
    bound = bind(expression, at)
    assert bound
    return bound.spans(at, constant)


def test_a_field_of_tcp_is_a_question_to_tcp_alone() -> None:
    at = scene()
    bound = bind(nft.Payload("tcp", "dport"), at)
    assert bound and bound.level == DPORT and bound.domain == at.space.spans(PROTO, [(TCP, TCP)])
