"""expectation: one line of expect."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter

from warren.spec.expectation import Expected, ExpectLine, read
from warren.spec.fields import Mistake


def test_both_sides_are_lists_of_words() -> None:
    assert read({"a,  b -> c.d , e": "closed"}) == Expected("a, b -> c.d , e", ("a", "b"), ("c.d", "e"), False)
    assert read({"internet->game.play": "open"}).open


def test_what_is_left_out() -> None:
    line = read({"anyone but app, web -> * but db": "closed"})
    assert (line.sources, line.but_sources) == (("anyone",), ("app", "web"))
    assert (line.targets, line.but_targets) == (("*",), ("db",))
    short = read({"!app -> db.sql": "closed"})
    assert (short.sources, short.but_sources) == (("anyone",), ("app",))
    assert read({"a, !b -> c": "open"}).but_sources == ("b",)


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("a -> b", "expected one line"),
        ({}, "expected one line"),
        ({"a -> b": "open", "c -> d": "open"}, "expected one line"),
        ({"a -> b": "opne"}, "expected `open` or `closed`"),
        ({"a -> b": True}, "expected `open` or `closed` behind `a -> b`, found true"),
        ({"a - b": "open"}, "must have one `->`"),
        ({"a -> b -> c": "open"}, "must have one `->`"),
        ({"a b -> c": "open"}, "is not names"),
        ({"a, -> c": "open"}, "is not names"),
        ({" -> c": "open"}, "is not names"),
        ({"a but b but c -> d": "open"}, "says `but` twice"),
        ({"! -> d": "open"}, "is not names"),
        ({"a -> !d": "open"}, "does not say what is reached"),
    ],
)
def test_lines_of_another_form(value: object, sentence: str) -> None:
    with pytest.raises(Mistake, match=sentence.replace("|", r"\|")):
        read(value)


def test_it_is_shown_as_it_is_written() -> None:
    adapter: TypeAdapter[Expected] = TypeAdapter(ExpectLine)
    line = adapter.validate_python({"a -> b": "open"})
    assert adapter.dump_python(line) == {"a -> b": "open"}
    assert adapter.json_schema()["additionalProperties"] == {"enum": ["open", "closed"]}
