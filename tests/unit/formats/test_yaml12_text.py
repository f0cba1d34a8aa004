"""Invisible characters, tabs and size: the right line and column for each."""

from __future__ import annotations

import time

import pytest

from warren.formats.yaml12_text import forbidden, place_of, tabs_between, too_large


@pytest.mark.parametrize(
    ("character", "sentence"),
    [
        ("\0", "the file contains a NUL character"),
        ("\x07", "the file contains a control character (U+0007)"),
        ("\x7f", "the file contains a control character (U+007F)"),
        ("\ufeff", "the file contains a byte order mark (U+FEFF)"),
        ("\udcff", "the file contains a byte that is not UTF-8"),
        ("\x85", "the file contains a line break that most editors do not show (U+0085)"),
        ("\u2028", "the file contains a line break that most editors do not show (U+2028)"),
        ("\u202e", "the file contains an invisible character that turns the direction of text around (U+202E)"),
        ("\u2066", "the file contains an invisible character that turns the direction of text around (U+2066)"),
        ("\uffff", "the file contains a control character (U+FFFF)"),
    ],
)
def test_forbidden_characters(character: str, sentence: str) -> None:
    (found,) = forbidden(f"ä: 1\r\n  b{character}", "f")
    assert (found.summary, str(found.place)) == (sentence, "f:2:4")


def test_ordinary_text_is_not_forbidden() -> None:
    assert forbidden("grüße: 網\n\tx\r\n🦊", "f") == []


def test_only_the_first_twenty_are_reported() -> None:
    assert len(forbidden("\0" * 1000, "f")) == 20


def test_lines_end_in_three_ways() -> None:
    assert [str(place_of("a\nb\r\nc\rd", index, "f")) for index in (0, 2, 5, 7)] == ["f:1:1", "f:2:1", "f:3:1", "f:4:1"]


def test_size_is_counted_in_bytes() -> None:
    assert too_large("x" * 4 * 1024 * 1024, "f") == []
    assert too_large("x" * 4 * 1024 * 1024 + "x", "f")
    assert too_large("\U0001f98a" * 1024 * 1024 + "\udcff", "f")


@pytest.mark.parametrize(
    ("text", "spans", "columns"),
    [
        ("\ta: b", [(1, 2), (4, 5)], [1]),
        ("a:\tb", [(0, 1), (3, 4)], [3]),
        ("a: b\t", [(0, 1), (3, 4)], []),
        ("a: b \t# c\td", [(0, 1), (3, 4)], []),
        ("# \tx\na: b", [(5, 6), (8, 9)], []),
        ('a: "\t"', [(0, 1), (3, 6)], []),
    ],
)
def test_tabs_matter_only_where_space_does(text: str, spans: list[tuple[int, int]], columns: list[int]) -> None:
    assert [d.place.column for d in tabs_between(text, "f", spans) if d.place] == columns


def test_many_tabs_cost_little() -> None:
    start = time.process_time()
    tabs_between("#" + "a\t" * 1_000_000, "f", [])
    tabs_between("\t\n" * 1_000_000, "f", [])
    assert time.process_time() - start < 5
