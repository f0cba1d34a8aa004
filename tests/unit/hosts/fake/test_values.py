"""Constants of nftables, and which of them overlap."""

from __future__ import annotations

import pytest

from warren.hosts.fake.values import constant, element, first_overlap, number, overlap, spans
from warren.hosts.fake.words import Json, Refusal, Words


@pytest.mark.parametrize(
    ("text", "json"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("fd86::/48", {"prefix": {"addr": "fd86::", "len": 48}}),
        ("2000-2099", {"range": [2000, 2099]}),
        ("10.0.0.1-10.0.0.9", {"range": ["10.0.0.1", "10.0.0.9"]}),
        ('"v-game"', "v-game"),
        ("0x10000000", 0x10000000),
        ("nd-redirect", "nd-redirect"),
    ],
)
def test_constants(text: str, json: Json) -> None:
    assert constant(text, "symbol") == json


def test_elements() -> None:
    words = Words.of('10.0.0.1 . tcp . 80 comment "to blog" : 10.0.0.2 . 8080').listed
    key, json = element(words, ("ipv4_addr", "inet_proto", "inet_service"), ("ipv4_addr", "inet_service"))
    assert key == "10.0.0.1 . tcp . 80"
    value = {"elem": {"val": {"concat": ["10.0.0.1", "tcp", 80]}, "comment": "to blog"}}
    assert json == [value, {"concat": ["10.0.0.2", 8080]}]
    verdict = element(Words.of('"v-a" : goto leave').listed, ("ifname",), ("verdict",))
    assert verdict == ('"v-a"', ["v-a", {"goto": {"target": "leave"}}])


def test_overlaps() -> None:
    assert overlap(spans("10.0.0.0/8 . tcp . 1-9"), spans("10.1.0.0/16 . tcp . 9"))
    assert not overlap(spans("10.0.0.0/8 . tcp . 1-9"), spans("10.1.0.0/16 . udp . 9"))
    assert not overlap(spans('"a" . 10.0.0.1'), spans('"b" . 10.0.0.1'))
    assert first_overlap(["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"]) is None
    assert first_overlap(["10.0.0.0/16", "10.0.1.0/24"]) == ("10.0.1.0/24", "10.0.0.0/16")
    assert first_overlap([]) is None


def test_a_word_is_no_number() -> None:
    with pytest.raises(Refusal, match="expecting a number"):
        number("many")
