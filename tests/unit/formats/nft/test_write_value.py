"""Values become text that cannot break out."""

import pytest

from warren.formats.nft import write_value
from warren.formats.nft.model import Drop, Element, Goto, Prefix, Span, Unknown


def test_values_by_type() -> None:
    by = write_value.writers(("ifname", "ipv4_addr", "inet_proto", "inet_service", "mark"))
    key = ("v-game", Prefix.of("10.0.0.0/8"), "tcp", Span(1, 5), 5)
    assert write_value.key(key, by) == '"v-game" . 10.0.0.0/8 . tcp . 1-5 . 0x00000005'
    assert write_value.plain(Span(1, 3, 6)) == "::1-::3"
    assert write_value.mark(Span(1, 16)) == "0x00000001-0x00000010"


@pytest.mark.parametrize("name", ["", "a b", 'a"', "a;", "1a", "a\n", "ä"])
def test_names_are_checked(name: str) -> None:
    with pytest.raises(ValueError):
        write_value.name(name)


@pytest.mark.parametrize("name", ["", 'a"b', "a b", "a" * 17, "a*b", "a/b", "a\n"])
def test_interfaces_are_checked(name: str) -> None:
    with pytest.raises(ValueError):
        write_value.quoted(name)


def test_words_are_checked() -> None:
    with pytest.raises(ValueError):
        write_value.symbol("tcp; flush")
    with pytest.raises(ValueError):
        write_value.plain(Unknown("{}"))
    with pytest.raises(ValueError):
        write_value.quote('"')


def test_a_key_of_another_width_is_an_error() -> None:
    with pytest.raises(ValueError):
        write_value.key((1, 2), write_value.writers(("mark",)))


def test_elements_are_sorted_by_number() -> None:
    given = [Element((9,), (7,)), Element((80,), Goto("c"), "why"), Element((10,), Drop())]
    assert list(write_value.elements(given, ("inet_service",), ("mark",))) == [
        "9 : 0x00000007",
        "10 : drop",
        '80 comment "why" : goto c',
    ]
    assert list(write_value.elements(given, ("inet_service",), keys_only=True)) == ["9", "10", "80"]


def test_batches() -> None:
    assert list(write_value.batches("abcde", 2)) == ["a, b", "c, d", "e"]
    assert list(write_value.batches([])) == []
