"""Golden cases: each `*.txtar` here holds a file of the user and the texts that must come of it.

`make accept` rewrites the texts: read the diff before you commit it. An empty section asks for a new text of its name.
"""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from tests.cases import produce
from tests.cases.txtar import Archive, ended, parse, write

CASES = sorted(Path(__file__).parent.glob("*.txtar"))


def produced(archive: Archive) -> Archive:
    """The case with its expected texts as they are now."""
    files = {name: text for name, text in archive.sections.items() if produce.is_input(name)}
    for name in archive.sections:
        if name not in files:
            archive = archive.with_section(name, ended(produce.produce(name, files)))
    return archive


def difference(expected: Archive, actual: Archive) -> str:
    """A unified diff of every expected text that is not as expected."""
    return "\n".join(
        line
        for name, text in expected.sections.items()
        for line in difflib.unified_diff(
            text.splitlines(), actual.sections[name].splitlines(), f"{name} (expected)", f"{name} (now)", lineterm=""
        )
    )


def judge(path: Path, accept: bool) -> str:
    """What is wrong with a case, or nothing; with `accept`, rewrite the file instead."""
    expected = parse(path.read_text())
    if all(map(produce.is_input, expected.sections)):
        return "the case expects nothing: add a section such as `-- topology --` and run `make accept`"
    actual = produced(expected)
    if accept and actual != expected:
        path.write_text(write(actual))
        return ""
    return difference(expected, actual)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path, accept: bool) -> None:
    wrong = judge(path, accept)
    assert not wrong, f"{path.name}\n{wrong}"


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A made-up case, with a producer that shouts."""
    monkeypatch.setattr(produce, "PRODUCERS", {"loud": lambda files, rest: f"{files['a.yaml'].upper()}{rest}"})
    path = tmp_path / "made-up.txtar"
    path.write_text("Why.\n-- a.yaml --\nhello\n-- loud home --\nHELLO\nvps\n")
    return path


def test_a_difference_is_shown_as_a_diff(case: Path) -> None:
    wrong = judge(case, accept=False)
    assert "-vps" in wrong
    assert "+home" in wrong
    assert "loud home (expected)" in wrong


def test_accepting_rewrites_the_expected_text_alone(case: Path) -> None:
    assert judge(case, accept=True) == ""
    assert case.read_text() == "Why.\n-- a.yaml --\nhello\n-- loud home --\nHELLO\nhome\n"
    assert judge(case, accept=False) == ""


def test_a_case_that_expects_nothing_is_wrong(case: Path) -> None:
    case.write_text("-- a.yaml --\nhello\n")
    assert "expects nothing" in judge(case, accept=False)


def test_an_unknown_section_is_named(case: Path) -> None:
    case.write_text("-- a.yaml --\nhello\n-- lowd --\n")
    with pytest.raises(LookupError, match="lowd"):
        judge(case, accept=False)
