"""haproxy: sections of lines, every word one word."""

from __future__ import annotations

import pytest

from warren.formats.haproxy import Section, line, word, write


def test_a_file_is_sections_of_lines() -> None:
    sections = [Section("global", None, (line("maxconn 10"),)), Section("backend", "a", (line("server s", "::1:80"),))]
    assert write(sections) == "global\n    maxconn 10\n\nbackend a\n    server s ::1:80\n"


def test_what_would_be_several_words_is_quoted() -> None:
    assert word("a b") == "'a b'" and word("it's") == "'it'\\''s'" and word("a#b") == "'a#b'" and word("") == "''"
    assert word("$HOME") == "'$HOME'" and word("a\\b") == "'a\\b'"
    assert word("req.hdr(host),field(1,:),lower") == "req.hdr(host),field(1,:),lower"


@pytest.mark.parametrize("value", ["a\nb", "\x00", "a\rb"])
def test_no_value_ends_its_line(value: str) -> None:
    with pytest.raises(ValueError, match="cannot be told"):
        word(value)
