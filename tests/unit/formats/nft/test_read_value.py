"""Values from JSON."""

import pytest

from warren.formats.nft.model import Accept, Element, Goto, Jump, Prefix, Span, Unknown, Value
from warren.formats.nft.read_value import Json, element, key, outcome, value


@pytest.mark.parametrize(
    ("given", "kind", "found"),
    [
        ("10.0.0.1", "ipv4_addr", Prefix.of("10.0.0.1")),
        ("::ffff:1.2.3.4", "ipv6_addr", Prefix.of("::ffff:1.2.3.4")),
        ({"prefix": {"addr": "10.0.0.0", "len": 8}}, "ipv4_addr", Prefix.of("10.0.0.0/8")),
        ({"range": ["10.0.0.0", "10.0.0.3"]}, "ipv4_addr", Prefix.of("10.0.0.0/30")),
        ({"range": ["fe80::1", "fe80::7"]}, "ipv6_addr", Span((0xFE80 << 112) + 1, (0xFE80 << 112) + 7, 6)),
        ({"range": [5, 7]}, "inet_service", Span(5, 7)),
        ({"prefix": {"addr": 256, "len": 24}}, "mark", Span(256, 511)),
        (6, "inet_proto", "tcp"),
        (200, "inet_proto", 200),
        ("ipv6-icmp", "inet_proto", "ipv6-icmp"),
        ({"range": ["tcp", 60]}, "inet_proto", Span(6, 60)),
        ("v-*", "ifname", "v-*"),
        ("nowhere", "ipv4_addr", Unknown('"nowhere"')),
        ({"new": 1}, "ipv4_addr", Unknown('{"new":1}')),
        ({"range": ["a", "b"]}, "ifname", Unknown('{"range":["a","b"]}')),
        (True, "mark", Unknown("true")),
    ],
)
def test_values(given: Json, kind: str, found: Value) -> None:
    assert value(given, kind) == found


def test_keys() -> None:
    kinds = ("ipv4_addr", "inet_service")
    assert key({"concat": ["10.0.0.1", 80]}, kinds) == (Prefix.of("10.0.0.1"), 80)
    assert key({"concat": ["10.0.0.1"]}, kinds) == (Unknown('{"concat":["10.0.0.1"]}'),)
    assert outcome({"jump": {"target": "c"}}, ("verdict",)) == Jump("c")
    assert outcome(5, ("mark",)) == (5,)


def test_elements() -> None:
    wrapped: Json = {"elem": {"val": "eth0", "comment": "hello", "counter": {"packets": 5, "bytes": 7}}}
    assert element("eth0", ("ifname",)) == Element(("eth0",))
    assert element(wrapped, ("ifname",)) == Element(("eth0",), None, "hello")
    assert element([wrapped, {"goto": {"target": "c"}}], ("ifname",), ("verdict",)) == Element(
        ("eth0",), Goto("c"), "hello"
    )
    assert element(["eth0", {"accept": None}], ("ifname",), ("verdict",)).data == Accept()
    assert element("strange", ("ifname",), ("verdict",)).key == (Unknown('"strange"'),)
