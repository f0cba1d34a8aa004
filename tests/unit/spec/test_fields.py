"""fields: text in its forms, and shorthands."""

from __future__ import annotations

from typing import Annotated, cast

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from warren.spec.fields import (
    Decimal,
    Line,
    Lines,
    Many,
    Named,
    Pairs,
    Scalar,
    Shorthand,
    Text,
    Word,
    kind,
    shorten,
)

INJECTIONS = ["a; drop", "$(reboot)", "a\nb", "%n", "-rf", "a b", "`id`", "a\x00b", "\u2028", "'", '"']


def adapter(form: object) -> TypeAdapter[object]:
    """What reads values of a type."""
    return TypeAdapter(cast("type[object]", form))


def accepts(form: object, value: object) -> bool:
    """Whether a type takes a value."""
    try:
        adapter(form).validate_python(value)
    except ValidationError:
        return False
    return True


def sentence(form: object, value: object) -> str:
    """What a type says about a value that it refuses."""
    with pytest.raises(ValidationError) as refused:
        adapter(form).validate_python(value)
    return str(refused.value.errors()[0]["msg"])


def test_a_line_has_no_control_characters() -> None:
    assert [one for one in INJECTIONS if not accepts(Line, one)] == ["a\nb", "a\x00b", "\u2028"]
    assert not accepts(Line, "  ")


def test_a_word_has_no_white_space_and_is_no_option() -> None:
    refused = [one for one in INJECTIONS if not accepts(Word, one)]
    assert refused == ["a; drop", "a\nb", "-rf", "a b", "a\x00b", "\u2028"]


def test_text_may_have_lines() -> None:
    assert TypeAdapter(Text).validate_python("a\nb") == "a\nb"


def test_numbers_are_text_where_that_cannot_go_wrong() -> None:
    assert TypeAdapter(Scalar).validate_python(1000) == "1000"
    assert TypeAdapter(Scalar).validate_python(True) == "true"
    assert TypeAdapter(Decimal).validate_python(1.5) == "1.5"
    assert not accepts(Decimal, "1e9")
    assert sentence(Scalar, 1.10) == "expected text or a number, found the number 1.1"
    assert sentence(Word, 5) == "expected a word, found the number 5"


def test_one_or_many() -> None:
    many = TypeAdapter(Many[Word])
    assert many.validate_python("a") == ("a",)
    assert many.validate_python(["a", "b"]) == ("a", "b")
    assert many.json_schema() == {"anyOf": [{"type": "string"}, {"items": {"type": "string"}, "type": "array"}]}


class Long(BaseModel):
    """A mapping with a short form."""

    to: Word
    more: int = 0


def test_a_shorthand_is_the_value_of_one_key() -> None:
    short: TypeAdapter[Long] = TypeAdapter(Annotated[Long, Shorthand("to")])
    assert short.validate_python("a") == short.validate_python({"to": "a"}) == Long(to="a")
    assert short.json_schema()["anyOf"][0] == {"type": "string"}
    assert not accepts(Annotated[Long, Shorthand("to")], None)


def test_names_may_be_listed() -> None:
    named: TypeAdapter[dict[str, dict[str, int]]] = TypeAdapter(Annotated[dict[str, dict[str, int]], Named()])
    assert named.validate_python(["a", "b"]) == {"a": {}, "b": {}}
    assert named.validate_python("a") == {"a": {}}
    assert named.validate_python({"a": {"b": 1}}) == {"a": {"b": 1}}


def test_pairs_are_a_mapping_or_a_list() -> None:
    pairs = TypeAdapter(Pairs)
    assert pairs.validate_python(["A=b=c", "D="]) == {"A": "b=c", "D": ""}
    assert pairs.validate_python({"A": 1, "B": "x\ny"}) == {"A": "1", "B": "x\ny"}
    assert sentence(Pairs, ["A"]) == "expected `NAME=value`, found the text `A`"


def test_lines_are_a_list_or_a_block() -> None:
    assert TypeAdapter(Lines).validate_python("a=1\nb=2\n") == ("a=1", "b=2")
    assert not accepts(Lines, ["a\nb"])


def test_values_are_called_as_the_user_would() -> None:
    values: list[object] = [None, True, 5, "a", {}, []]
    found = [kind(value) for value in values]
    assert found == ["nothing", "true", "the number 5", "the text `a`", "a mapping", "a list"]


def test_long_and_odd_text_is_shown_on_one_line() -> None:
    assert shorten("a\nb") == "`a·b`"
    assert len(shorten("x" * 1000)) == 63


def test_braces_in_a_text_are_not_a_template() -> None:
    assert sentence(Word, "{sentence} {0}") == "`{sentence} {0}` contains white space"
