"""Addresses, spans, comments: equal meanings are equal values."""

from ipaddress import ip_address, ip_network

import pytest

from warren.formats.nft.values import Element, Prefix, Span, clean, span


def test_a_prefix_knows_its_ends() -> None:
    prefix = Prefix.of("10.1.0.0/16")
    assert (prefix.first, prefix.last, str(prefix)) == (0x0A010000, 0x0A01FFFF, "10.1.0.0/16")
    assert str(Prefix.of("2001:db8::1")) == "2001:db8::1" and Prefix.of("::1").single
    assert Prefix.of(ip_network("10.0.0.0/8")) == Prefix(4, 10 << 24, 8)
    assert Prefix.of(ip_address("10.0.0.1")) == Prefix.of("10.0.0.1/32")


def test_host_bits_are_an_error() -> None:
    with pytest.raises(ValueError):
        Prefix.of("10.0.0.1/8")


def test_equal_spans_are_equal_values() -> None:
    assert span(5, 5) == 5
    assert span(5, 6) == Span(5, 6)
    assert span(0x0A000000, 0x0AFFFFFF, 4) == Prefix.of("10.0.0.0/8")
    assert span(0x0A000001, 0x0A000002, 4) == Span(0x0A000001, 0x0A000002, 4)
    assert span(7, 7, 4) == Prefix(4, 7, 32)
    assert span(0, 2**128 - 1, 6) == Prefix.of("::/0")


def test_comments_cannot_end_a_string() -> None:
    assert clean('a" ; flush ruleset\n') == "a' ; flush ruleset "
    assert clean("") is None and clean(None) is None
    assert clean("ä" * 100) == "ä" * 64
    assert clean("a" + "ä" * 100) == "a" + "ä" * 63
    assert Element((5,), None, '"').comment == "'"
