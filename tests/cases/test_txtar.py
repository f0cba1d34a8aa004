"""The format of the cases reads what it writes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cases.txtar import Archive, parse, write

LINES = st.text(st.characters(codec="ascii", categories=["L", "N", "P", "Zs"]), max_size=20)
NAMES = st.from_regex(r"[a-z.]{1,8}( [a-z]{1,5})?", fullmatch=True)
TEXTS = st.lists(LINES.filter(lambda line: not line.startswith("-- "))).map(lambda ls: "".join(f"{li}\n" for li in ls))


def test_a_comment_and_sections() -> None:
    archive = parse("Why this case.\n-- warren.yaml --\nversion: 1\n-- desired home --\n-- plan --\n+ a\n")
    assert archive.comment == "Why this case.\n"
    assert archive.sections == {"warren.yaml": "version: 1\n", "desired home": "", "plan": "+ a\n"}


def test_the_last_newline_may_be_missing() -> None:
    assert parse("-- a --\nb").sections == {"a": "b\n"}
    assert write(Archive("", {"a": "b"})) == "-- a --\nb\n"


def test_a_section_is_replaced_in_its_place() -> None:
    archive = parse("-- a --\n1\n-- b --\n2\n").with_section("a", "3\n")
    assert write(archive) == "-- a --\n3\n-- b --\n2\n"


def test_what_would_be_misread_is_refused() -> None:
    with pytest.raises(ValueError, match="two sections"):
        parse("-- a --\n-- a --\n")
    with pytest.raises(ValueError, match="looks like"):
        write(Archive("", {"a": "-- b --\n"}))


@given(TEXTS, st.dictionaries(NAMES, TEXTS, max_size=4))
def test_writing_and_reading_gives_the_same(comment: str, sections: dict[str, str]) -> None:
    archive = Archive(comment, sections)
    assert parse(write(archive)) == archive
