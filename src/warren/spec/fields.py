"""Words and shorthands of the file as annotated types.

In: what YAML gave, a scalar, list or mapping. Out: values of `basis/`, or a sentence about what is wrong; each type
also describes itself to editors. Never looks beyond the one value: names are resolved elsewhere.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, TypeAlias, TypeVar

from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

T = TypeVar("T")

JSON_TYPES = {int: "integer", float: "number", bool: "boolean"}
CONTROL = re.compile(r"[\x00-\x1f\x7f\x80-\x9f\u2028\u2029]")


class Mistake(Exception):
    """What is wrong with one value; becomes a diagnostic at that value."""

    def __init__(self, code: str, sentence: str, hint: str | None = None) -> None:
        super().__init__(sentence)
        self.code, self.sentence, self.hint = code, CONTROL.sub("·", sentence), hint

    def for_pydantic(self) -> PydanticCustomError:
        """The same for pydantic, which must not see the braces of the user's text as a template."""
        context: dict[str, object] = {"sentence": self.sentence, "hint": self.hint}
        return PydanticCustomError(self.code, "{sentence}", context)


@dataclass(frozen=True, slots=True)
class Written:
    """Marks a type that is written as one scalar: `read` makes the value or raises `Mistake`, `show` writes it again.

    `numbers` are the kinds of unquoted scalars that are read as their text.
    """

    read: Callable[[str], object]
    expected: str
    pattern: str | None = None
    numbers: tuple[type, ...] = ()
    examples: tuple[str, ...] = ()
    show: Callable[..., object] = str

    def __get_pydantic_core_schema__(self, source: object, inner: GetCoreSchemaHandler) -> CoreSchema:
        """Take the place of whatever pydantic would do with the type."""
        written = core_schema.plain_serializer_function_ser_schema(self._show)
        return core_schema.no_info_plain_validator_function(self.validate, serialization=written)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, inner: GetJsonSchemaHandler) -> JsonSchemaValue:
        """What an editor may offer."""
        kinds = ["string", *(name for kind, name in JSON_TYPES.items() if kind in self.numbers)]
        described: JsonSchemaValue = {"type": kinds if len(kinds) > 1 else "string"}
        if self.pattern:
            described["pattern"] = self.pattern
        if self.examples:
            described["examples"] = list(self.examples)
        return described

    def validate(self, value: object) -> object:
        """The value, or an error with our own sentence."""
        try:
            return self.read(self._scalar(value))
        except Mistake as mistake:
            raise mistake.for_pydantic() from None

    def _show(self, value: object) -> object:
        return None if value is None else self.show(value)

    def _scalar(self, value: object) -> str:
        if isinstance(value, str):
            return value
        if type(value) in self.numbers:
            return str(value).lower()
        hint = f'put it in quotes: "{value}"' if isinstance(value, int | float) else None
        raise Mistake("wrong-type", f"expected {self.expected}, found {kind(value)}", hint)


def kind(value: object) -> str:
    """What the user would call a value."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return f"the number {value}"
        case str():
            return f"the text {shorten(value)}"
        case dict():
            return "a mapping"
    return "a list"


def shorten(text: str, limit: int = 60) -> str:
    """The user's text between backticks, without control characters, never longer than a line."""
    clean = CONTROL.sub("·", text)
    return f"`{clean}`" if len(clean) <= limit else f"`{clean[:limit]}…`"


@dataclass(frozen=True, slots=True)
class OneOrMany:
    """Marks a tuple that may also be written as its only item."""

    def __get_pydantic_core_schema__(self, source: object, inner: GetCoreSchemaHandler) -> CoreSchema:
        """A list becomes a tuple, anything else the only item of one."""
        return core_schema.no_info_before_validator_function(as_tuple, inner(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, inner: GetJsonSchemaHandler) -> JsonSchemaValue:
        """One item, or a list of them."""
        listed = inner(schema)
        return {"anyOf": [listed["items"], listed]}


def as_tuple(value: object) -> tuple[object, ...]:
    """A list as it is, anything else as the only item."""
    return tuple(value) if isinstance(value, list | tuple) else (value,)


Many: TypeAlias = Annotated[tuple[T, ...], OneOrMany()]


@dataclass(frozen=True, slots=True)
class _AsTuple:
    """Marks a tuple that is written as a list."""

    def __get_pydantic_core_schema__(self, source: object, inner: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_as_tuple, inner(source))


def _as_tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


@dataclass(frozen=True, slots=True)
class Shorthand:
    """Marks a mapping that may also be written as the value of its `key` alone."""

    key: str
    written: tuple[str, ...] = ("string",)

    def __get_pydantic_core_schema__(self, source: object, inner: GetCoreSchemaHandler) -> CoreSchema:
        """Anything but a mapping becomes one with this key."""
        return core_schema.no_info_before_validator_function(self._expand, inner(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, inner: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The short form, or the mapping."""
        lists = {"type": "array", "items": {"type": "string"}}
        forms = [lists if kind == "array" else {"type": kind} for kind in self.written]
        return {"anyOf": [*forms, inner(schema)]}

    def _expand(self, value: object) -> object:
        # An empty value stays one: `lan:` with nothing behind it is a slip, not a mapping.
        return value if value is None or isinstance(value, dict | BaseModel) else {self.key: value}


@dataclass(frozen=True, slots=True)
class Named:
    """Marks a mapping that may also be written as a list of its keys."""

    def __get_pydantic_core_schema__(self, source: object, inner: GetCoreSchemaHandler) -> CoreSchema:
        """Every name of a list becomes a key with an empty mapping."""
        return core_schema.no_info_before_validator_function(self._expand, inner(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, inner: GetJsonSchemaHandler) -> JsonSchemaValue:
        """A list of names, or the mapping."""
        return {"anyOf": [{"type": "array", "items": {"type": "string"}}, inner(schema)]}

    def _expand(self, value: object) -> object:
        listed = [value] if isinstance(value, str) else value
        if isinstance(listed, list) and all(isinstance(item, str) for item in listed):
            return {item: {} for item in listed}
        return value


# ── text ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _text(text: str) -> str:
    return text


def _argument(text: str) -> str:
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise Mistake("not-text", f"{shorten(text)} holds what no program can be given: a NUL or half a character")
    return text


def _line(text: str) -> str:
    if not text.strip():
        raise Mistake("empty-text", "this is empty")
    if CONTROL.search(text):
        raise Mistake("not-a-line", f"{shorten(text)} must be a single line without control characters")
    return text


def _word(text: str) -> str:
    _line(text)
    if re.search(r"\s", text):
        raise Mistake("not-a-word", f"{shorten(text)} contains white space")
    if text.startswith("-"):
        raise Mistake("not-a-word", f"{shorten(text)} starts with `-`, as an option of a command would")
    return text


def matching(pattern: str, expected: str, *examples: str, numbers: tuple[type, ...] = ()) -> Written:
    """A type of text that has one pattern; `expected` says in words what it is."""

    def read(text: str) -> str:
        if not re.fullmatch(pattern, text):
            hint = f"write it like `{examples[0]}`" if examples else None
            raise Mistake("wrong-value", f"{shorten(text)} is not {expected}", hint)
        return text

    return Written(read, expected, f"^({pattern})$", numbers, examples)


Text: TypeAlias = Annotated[str, Written(_text, "text")]
Argument: TypeAlias = Annotated[str, Written(_argument, "text")]
Line: TypeAlias = Annotated[str, Written(_line, "one line of text")]
Word: TypeAlias = Annotated[str, Written(_word, "a word")]
Scalar: TypeAlias = Annotated[str, Written(_line, "text or a number", numbers=(int, bool))]
Decimal: TypeAlias = Annotated[str, matching(r"[0-9]{1,6}(\.[0-9]{1,6})?", "a number", "1.5", numbers=(int, float))]


def _pairs(value: object) -> object:
    if not isinstance(value, list):
        return value
    found: dict[object, object] = {}
    for item in value:
        name, equals, rest = item.partition("=") if isinstance(item, str) else ("", "", "")
        if not name or not equals:
            raise Mistake("not-a-pair", f"expected `NAME=value`, found {kind(item)}").for_pydantic()
        found[name] = rest
    return found


@dataclass(frozen=True, slots=True)
class _AsPairs:
    """Marks a mapping that may also be written as a list of `NAME=value`."""

    def __get_pydantic_core_schema__(self, source: object, inner: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_pairs, inner(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, inner: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [inner(schema), {"type": "array", "items": {"type": "string", "pattern": "^[^=]+="}}]}


Value: TypeAlias = Annotated[str, Written(_argument, "text or a number", numbers=(int, bool))]
Pairs: TypeAlias = Annotated[dict[Line, Value], _AsPairs()]


def _words(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return tuple(shlex.split(value))
    except ValueError:
        raise Mistake("open-quote", f"{shorten(value)} has a quote or a backslash too many").for_pydantic() from None


@dataclass(frozen=True, slots=True)
class _AsWords:
    """Marks words that may also be written as one text, which is split as a shell would, with nothing replaced."""

    def __get_pydantic_core_schema__(self, source: object, inner: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_words, inner(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, inner: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [{"type": "string"}, inner(schema)]}


Words: TypeAlias = Annotated[Annotated[tuple[Argument, ...], _AsTuple()], _AsWords()]


def _lines(value: object) -> object:
    return tuple(value.splitlines()) if isinstance(value, str) else as_tuple(value)


@dataclass(frozen=True, slots=True)
class _AsLines:
    """Marks a tuple of lines that may also be written as one block of text."""

    def __get_pydantic_core_schema__(self, source: object, inner: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_lines, inner(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, inner: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [{"type": "string"}, inner(schema)]}


Lines: TypeAlias = Annotated[tuple[Line, ...], _AsLines()]
