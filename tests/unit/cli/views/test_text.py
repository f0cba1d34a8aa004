"""Words, columns and numbers for people."""

from __future__ import annotations

import pytest
from click import unstyle

from warren.cli.views.text import age, columns, count, cut, fitting, printable, size, table, width


def test_a_text_cannot_command_a_terminal() -> None:
    assert printable("a\x1b[2Jb\r\n\tc") == "a\ufffd[2Jb\ufffd\ufffd\ufffdc"


def test_width_counts_columns() -> None:
    assert width("abc") == 3
    assert width("日本") == 4
    assert width("e\u0301") == 1
    assert width("\x1b[31mred\x1b[0m") == 3


def test_cut() -> None:
    assert cut("abcdef", 6) == "abcdef"
    assert cut("abcdefg", 6) == "abcde…"


def test_count() -> None:
    assert (count(1, "error"), count(2, "error"), count(0, "entry", "entries")) == ("1 error", "2 errors", "0 entries")


def test_columns() -> None:
    assert list(columns([("a", "1"), ("bcd", "20")], " ", right=[1])) == [" a     1", " bcd  20"]
    assert list(columns([])) == []


def test_a_table_without_rows_is_nothing() -> None:
    assert table(("a", "b"), []) == []
    assert len(table(("a", "b"), [("1", "2")])) == 2


def test_a_table_fits_its_terminal() -> None:
    head, rows = (
        ("name", "what it is", ""),
        [("db", "a database", "a long remark of many words"), ("game", "a game", "")],
    )
    assert fitting(head, rows, 100) == table(head, rows)
    assert [unstyle(line) for line in fitting(head, rows, 24)] == [
        "name  what it is",
        "db    a database",
        "    a long remark of",
        "    many words",
        "game  a game",
    ]
    assert [unstyle(line) for line in fitting(head, rows, 8)][1:3] == ["db", "    what it is  a database"]
    assert fitting(head, [], 8) == []


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (1_540_000, "1.5 MB"), (99_960_000, "100 MB"), (999_999, "1.0 MB")],
)
def test_size(number: int, text: str) -> None:
    assert size(number) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-3, "0 seconds ago"), (1, "1 second ago"), (61, "1 minute ago"), (7200, "2 hours ago"), (200000, "2 days ago")],
)
def test_age(seconds: int, text: str) -> None:
    assert age(seconds) == text
