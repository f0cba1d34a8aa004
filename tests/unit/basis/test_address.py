"""The algebra of prefixes against a slow model, and the sentences for what is no address."""

from __future__ import annotations

import time
from ipaddress import IPv4Network, collapse_addresses, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warren.basis.address import (
    EVERYTHING4,
    EVERYTHING6,
    Prefix,
    collapse,
    holds,
    host_prefix,
    intersect,
    overlaps,
    parse_address,
    parse_prefix,
    subtract,
)


def prefixes(*texts: str) -> tuple[Prefix, ...]:
    return tuple(ip_network(text) for text in texts)


def texts(found: tuple[Prefix, ...]) -> list[str]:
    return [str(prefix) for prefix in found]


def test_subtract_leaves_the_fewest_prefixes() -> None:
    left = subtract(prefixes("10.0.0.0/8"), prefixes("10.0.0.0/16", "10.255.0.0/16", "11.0.0.0/8"))
    assert texts(left)[:2] == ["10.1.0.0/16", "10.2.0.0/15"]
    assert texts(left)[-1] == "10.254.0.0/16"
    assert len(left) == 14


def test_subtract_keeps_families_apart() -> None:
    assert texts(subtract(prefixes("::/1", "0.0.0.0/1"), prefixes("::/0"))) == ["0.0.0.0/1"]
    assert subtract((EVERYTHING4, EVERYTHING6), (EVERYTHING4, EVERYTHING6)) == ()
    assert len(subtract((EVERYTHING6,), prefixes("2001:db8::1/128"))) == 128


def test_collapse_joins_neighbours() -> None:
    assert texts(collapse(prefixes("10.0.1.0/24", "10.0.0.0/24", "10.0.0.5/32"))) == ["10.0.0.0/23"]
    assert texts(collapse(prefixes("0.0.0.0/1", "128.0.0.0/1"))) == ["0.0.0.0/0"]


def test_intersect() -> None:
    assert texts(intersect(prefixes("10.0.0.0/8", "fd00::/8"), prefixes("10.1.0.0/16", "fd00::1/128"))) == [
        "10.1.0.0/16",
        "fd00::1/128",
    ]


def test_overlaps_and_holds() -> None:
    lan, part, other = prefixes("192.168.0.0/16", "192.168.2.0/24", "192.169.0.0/16")
    assert overlaps(lan, part) and overlaps(part, lan) and not overlaps(lan, other)
    assert not overlaps(EVERYTHING4, EVERYTHING6)
    assert holds(lan, part) and not holds(part, lan)
    assert holds(lan, ip_address("192.168.255.255")) and not holds(EVERYTHING4, ip_address("::1"))


NARROW = st.builds(
    lambda base, length: ip_network((0x0A000000 + base, length), strict=False), st.integers(0, 255), st.integers(24, 32)
)
FEW = st.lists(NARROW, max_size=6)


def members(found: tuple[Prefix, ...] | list[Prefix]) -> set[int]:
    return {int(address) for prefix in found for address in prefix}


@given(FEW, FEW)
def test_subtract_agrees_with_sets_of_addresses(kept: list[Prefix], removed: list[Prefix]) -> None:
    left = subtract(kept, removed)
    assert members(left) == members(kept) - members(removed)
    assert texts(left) == [str(p) for p in collapse_addresses(p for p in left if isinstance(p, IPv4Network))]
    assert members(intersect(kept, removed)) == members(kept) & members(removed)


def test_ten_thousand_exceptions_cost_little() -> None:
    removed = [ip_network((0x0A000000 + 512 * n, 24)) for n in range(10_000)]
    start = time.process_time()
    assert len(subtract((EVERYTHING4,), removed)) > 10_000
    assert time.process_time() - start < 2


@pytest.mark.parametrize("text", ["203.0.113.10", "2001:db8::10", "0.0.0.0", "::"])
def test_parse_address(text: str) -> None:
    assert str(parse_address(text)) == text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("vps", "'vps' is not an address"),
        ("10.0.0.256", "'10.0.0.256' is not an address"),
        ("010.0.0.1", "'010.0.0.1' is not an address"),
        ("10.0.0.1 ", "'10.0.0.1 ' is not an address"),
        ("", "'' is not an address"),
        ("10.0.0.0/8", "'10.0.0.0/8' is a prefix, and one address is expected here"),
        ("fe80::1%eth0", "'fe80::1%eth0' names a zone; write the address without `%` and what follows it"),
        ("::ffff:10.0.0.1", "'::ffff:10.0.0.1' is IPv4 in IPv6 clothes; write 10.0.0.1"),
    ],
)
def test_parse_address_refuses(text: str, sentence: str) -> None:
    with pytest.raises(ValueError) as refused:
        parse_address(text)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("text", "prefix"),
    [
        ("192.168.2.0/24", "192.168.2.0/24"),
        ("10.0.0.1", "10.0.0.1/32"),
        ("2001:db8::/32", "2001:db8::/32"),
        ("2001:db8::1", "2001:db8::1/128"),
        ("0.0.0.0/0", "0.0.0.0/0"),
    ],
)
def test_parse_prefix(text: str, prefix: str) -> None:
    assert str(parse_prefix(text)) == prefix


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("192.168.2.5/24", "'192.168.2.5/24' is an address inside a prefix; the prefix is 192.168.2.0/24"),
        ("10.0.0.0/33", "'10.0.0.0/33' is not a prefix: the length after `/` goes from 0 to 32"),
        ("10.0.0.0/255.0.0.0", "'10.0.0.0/255.0.0.0' is not a prefix: the length after `/` goes from 0 to 32"),
        ("::/-1", "'::/-1' is not a prefix: the length after `/` goes from 0 to 128"),
        ("lan/24", "'lan' is not an address"),
    ],
)
def test_parse_prefix_refuses(text: str, sentence: str) -> None:
    with pytest.raises(ValueError) as refused:
        parse_prefix(text)
    assert str(refused.value) == sentence


@given(st.text(max_size=30))
def test_any_text_is_an_address_or_a_sentence(text: str) -> None:
    for parse in (parse_address, parse_prefix):
        try:
            parse(text)
        except ValueError as refused:
            assert "\n" not in str(refused)


def test_host_prefix() -> None:
    assert host_prefix(ip_address("::1")) == ip_network("::1/128")
