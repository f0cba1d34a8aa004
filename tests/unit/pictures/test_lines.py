"""Lines of letters keep to their width."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from warren.pictures.lines import between, cut, framed, packed

WORDS = st.text("abc-", max_size=12)


def test_cut_shows_that_there_was_more() -> None:
    assert [cut("abcdef", width) for width in (6, 5, 1, 0)] == ["abcdef", "abcd…", "…", ""]


def test_a_frame_has_a_text_at_each_end() -> None:
    assert list(framed("vps", "192.0.2.1", ["web"], 26)) == [
        "┏━ vps ━━━━━━ 192.0.2.1 ━┓",
        "┃ web                    ┃",
        "┗━━━━━━━━━━━━━━━━━━━━━━━━┛",
    ]


def test_words_go_on_below_the_first() -> None:
    assert list(packed("a ─▶ ", ["bb", "cc", "dd"], 12)) == ["a ─▶ bb   cc", "     dd"]
    assert list(packed("a ", [], 12)) == []
    assert list(packed("a ", ["bbbbbbbbbbbbbb"], 8)) == ["a bbbbb…"]


@given(WORDS, WORDS, st.integers(30, 60))
def test_every_line_is_as_wide_as_asked(left: str, right: str, width: int) -> None:
    assert len(between(left, right, width)) == width
    assert {len(line) for line in framed(left, right, ["x"], width)} == {width}


@given(st.lists(WORDS, max_size=9), st.integers(20, 40))
def test_no_packed_line_is_wider(words: list[str], width: int) -> None:
    assert all(len(line) <= width for line in packed("head ", words, width))
