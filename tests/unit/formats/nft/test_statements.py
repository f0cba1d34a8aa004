"""Equal effects are equal values."""

from warren.formats.nft.expressions import AnonymousSet, Literal, Payload
from warren.formats.nft.statements import Dnat, Endpoint, Log, MarkSet, Match, Reject, Snat
from warren.formats.nft.values import Prefix, Span


def test_equal_marks_are_equal_values() -> None:
    assert MarkSet("meta", 0x10FFFFFF, 0x10000000) == MarkSet("meta", 0x00FFFFFF, 0x10000000, "meta")
    assert MarkSet("meta", 0, 1, "ct") == MarkSet("meta", 0, 1)
    assert MarkSet("meta", 0xFF000000, 0, "ct").source == "ct"


def test_an_address_says_its_family() -> None:
    assert Dnat(None, Endpoint(Prefix.of("10.0.0.1"))).family == "ip"
    assert Snat(None, Endpoint(Span(1, 3, 6))).family == "ip6"
    assert Dnat(None, Endpoint(None, 80)).family is None


def test_what_nft_assumes_is_said() -> None:
    assert Reject() == Reject("icmpx", "port-unreachable") and Reject("tcp reset").code is None
    assert Log(level="warn") == Log()
    assert Log('say "hi" ').prefix == "say 'hi' "


def test_a_match_is_spelt_as_it_is_listed() -> None:
    dport = Payload("tcp", "dport")
    assert Match("==", dport, AnonymousSet(frozenset(((22,),)))) == Match("==", dport, Literal(22))
