"""dotenv: files of variables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warren.formats import dotenv

NAMES = st.from_regex(r"[A-Z_][A-Z0-9_]{0,9}", fullmatch=True)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A=b\nC=d e  # comment\n", {"A": "b", "C": "d e"}),
        ("# c\n\n  export A = b\r\nB: c\n", {"A": "b", "B": "c"}),
        ("A='$HOME #x'\nB=\"x\\ty\\$\"\n", {"A": "$HOME #x", "B": "x\ty$"}),
        ('A="two\nlines" # c\nB=1', {"A": "two\nlines", "B": "1"}),
        ("A=\nB=a#b\nC=${X}\nA=2\n", {"A": "2", "B": "a#b", "C": "${X}"}),
        ("A=#c", {"A": ""}),
        ("", {}),
    ],
)
def test_what_compose_reads(text: str, found: dict[str, str]) -> None:
    assert dotenv.read(text) == found


@pytest.mark.parametrize(
    ("text", "line"),
    [("A=1\nB\n", 2), ("hunter2", 1), ("A='open\n", 1), ("A=1\n\nB='x'y\n", 3), ("1A=2", 1)],
)
def test_a_line_is_named_and_never_shown(text: str, line: int) -> None:
    with pytest.raises(dotenv.Unreadable) as raised:
        dotenv.read(text)
    assert str(raised.value).startswith(f"line {line} ")
    assert "hunter2" not in str(raised.value)


@given(
    st.dictionaries(NAMES, st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="'\r"), max_size=9))
)
def test_single_quotes_hold_everything(variables: dict[str, str]) -> None:
    text = "".join(f"{name}='{value}'\n" for name, value in variables.items())
    assert dotenv.read(text) == variables


def test_podman_takes_one_line_for_a_value() -> None:
    assert dotenv.write([("A", " b c#d "), ("B", '"')]) == 'A= b c#d \nB="\n'
    with pytest.raises(ValueError, match="value of A has several lines"):
        dotenv.write([("A", "b\nc")])


def test_systemd_takes_any_text_for_a_value() -> None:
    assert dotenv.write_quoted([("A", 'b\nc "$`\\'), ("B", "%n #;")]) == 'A="b\nc \\"\\$\\`\\\\"\nB="%n #;"\n'
    with pytest.raises(ValueError, match="value of A has a zero byte"):
        dotenv.write_quoted([("A", "\0")])
