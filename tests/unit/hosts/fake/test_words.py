"""Words of a line, one after the other."""

from __future__ import annotations

import pytest

from warren.hosts.fake.words import Refusal, Words


def test_quotes_and_braces_are_words() -> None:
    assert Words.of('iifname "v-a b" { 1, 2 } @x').listed == ["iifname", '"v-a b"', "{", "1", ",", "2", "}", "@x"]


def test_words_are_taken_in_order() -> None:
    words = Words.of('add rule "x"')
    words.expect("add", "rule")
    assert (words.accept("y"), words.quoted(), words.next) == (False, "x", "")


def test_a_list_ends_at_its_brace() -> None:
    words = Words.of("a . 1, b . 2, } rest")
    assert words.listing() == [["a", ".", "1"], ["b", ".", "2"]]
    assert words.next == "rest"


def test_what_is_not_expected_is_refused() -> None:
    with pytest.raises(Refusal, match="unexpected rule, expecting set: rule"):
        Words.of("rule").expect("set")
    with pytest.raises(Refusal, match="unexpected end"):
        Words.of("").take()
