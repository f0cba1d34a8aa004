"""Diagnostics as text and as a document."""

from __future__ import annotations

from collections.abc import Sequence

from warren.basis.diagnostic import Place, error, warning
from warren.cli.views.diagnostics import document, lines

FILE = {"a.yaml": ["version: 1", "    needs: [db.sqll]", "\tt: \x1b[2Jx", "x" * 300]}


def lines_of(file: str) -> Sequence[str]:
    return FILE.get(file, ())


def test_the_place_is_shown_with_a_caret() -> None:
    given = [error("unknown", "no port `db.sqll`", Place("a.yaml", 2, 13), "did you mean `db.sql`?")]
    assert [line for line in map(plain, lines(given, lines_of))] == [
        "a.yaml:2:13: error: no port `db.sqll`",
        "    2 |     needs: [db.sqll]",
        "      |             ^",
        "hint: did you mean `db.sql`?",
        "1 error",
    ]


def test_errors_stand_last_and_are_counted() -> None:
    given = [
        error("a", "first", Place("a.yaml", 1, 1)),
        warning("b", "second", Place("a.yaml", 9, 1)),
        error("c", "third", Place("b.yaml", 1, 1), None, Place("a.yaml", 1, 1)),
    ]
    assert [line for line in map(plain, lines(given, lines_of))] == [
        "a.yaml:9:1: warning: second",
        "a.yaml:1:1: error: first",
        "    1 | version: 1",
        "      | ^",
        "b.yaml:1:1: error: third",
        "  see a.yaml:1:1",
        "    1 | version: 1",
        "2 errors, 1 warning",
    ]


def test_a_sentence_without_a_place_needs_no_sum() -> None:
    assert list(map(plain, lines([error("a", "no lab runs")], lines_of))) == ["error: no lab runs"]
    assert lines([], lines_of) == []


def test_a_file_cannot_command_the_terminal() -> None:
    given = [error("a", "odd \x1b[2J", Place("a.yaml", 3, 5))]
    shown = list(map(plain, lines(given, lines_of)))
    assert "\x1b[2J" not in "\n".join(shown)
    assert shown[1].startswith("    3 |  t: "), "a tab is a space, as wide as the caret takes it for"


def test_a_long_line_is_shown_around_the_column() -> None:
    shown = list(map(plain, lines([error("a", "long", Place("a.yaml", 4, 200))], lines_of)))
    assert max(map(len, shown)) < 130
    assert shown[2].index("^") == shown[1].index("…") + 41


def test_for_programs() -> None:
    given = [warning("b", "second", Place("a.yaml", 9, 2), "h", Place("a.yaml", 1, 1)), error("c", "third")]
    assert document(given) == {
        "diagnostics": [
            {
                "severity": "warning",
                "code": "b",
                "file": "a.yaml",
                "line": 9,
                "column": 2,
                "summary": "second",
                "hint": "h",
                "related": [{"file": "a.yaml", "line": 1, "column": 1}],
            },
            {
                "severity": "error",
                "code": "c",
                "file": None,
                "line": None,
                "column": None,
                "summary": "third",
                "hint": None,
                "related": [],
            },
        ]
    }


def plain(line: str) -> str:
    """Without colour."""
    for code in ("\x1b[31m", "\x1b[33m", "\x1b[1m", "\x1b[0m"):
        line = line.replace(code, "")
    return line
