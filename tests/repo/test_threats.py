"""The page of threats: every number once, and every test that it names is there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.repo.house import ROOT, assert_none, python_files

PAGE = ROOT / "docs" / "threats.md"
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")
ROW = re.compile(r"^\| (T\d+) \| (.*)$", re.MULTILINE)
LAST = 62


def missing(page: str) -> Iterator[str]:
    """The tests that a page names and nobody has written."""
    there = {
        f"{file.path}::{node.name}"
        for file in python_files("tests")
        if file.path.name.startswith("test_")
        for node in file.tree.body
        if isinstance(node, ast.FunctionDef)
    }
    yield from (f"{path}::{name}" for path, name in NAMED.findall(page) if f"tests/{path}::{name}" not in there)


def unshown(page: str) -> Iterator[str]:
    """The threats of which a page neither names a test nor says that there is none."""
    yield from (number for number, row in ROW.findall(page) if "::" not in row and "*" not in row)


def test_every_test_that_is_named_is_there() -> None:
    assert_none(missing(PAGE.read_text()))


def test_every_threat_stands_there_once() -> None:
    found = [number for number, _ in ROW.findall(PAGE.read_text())]
    assert found == [f"T{number}" for number in range(1, LAST + 1)]
    assert_none(unshown(PAGE.read_text()))


def test_a_test_that_is_not_there_is_found() -> None:
    assert [*missing("`laws/test_apply.py::test_nobody` and `no/test_file.py::test_x`")] == [
        "laws/test_apply.py::test_nobody",
        "no/test_file.py::test_x",
    ]
    assert [*unshown("| T1 | floods | is bounded | – |\n| T2 | x | *Not built.* | – |\n")] == ["T1"]
