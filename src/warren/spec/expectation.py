"""A line of `expect`: who should, or should not, reach what.

In: a mapping of one key, `internet -> game.play: open`. Out: its two sides as lists of words. Never resolves a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, TypeAlias

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from warren.spec.fields import Mistake, kind, shorten

FORM = "write it as `- internet -> game.play: open`"


@dataclass(frozen=True, slots=True)
class Expected:
    """From every word of `sources` to every word of `targets` connections are `open`, or none is."""

    text: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    open: bool


def read(value: object) -> Expected:
    """One line of the file."""
    if not isinstance(value, dict) or len(value) != 1:
        raise Mistake("bad-expectation", f"expected one line `FROM -> TO: open|closed`, found {kind(value)}", FORM)
    [(text, verdict)] = value.items()
    if verdict not in ("open", "closed"):
        raise Mistake("bad-expectation", f"expected `open` or `closed` behind {shorten(text)}, found {kind(verdict)}")
    sides = text.split("->")
    if len(sides) != 2:
        raise Mistake("bad-expectation", f"{shorten(text)} must have one `->`", FORM)
    sources, targets = (_words(side, text) for side in sides)
    return Expected(" ".join(text.split()), sources, targets, verdict == "open")


def _words(side: str, text: str) -> tuple[str, ...]:
    words = tuple(word.strip() for word in side.split(","))
    for word in words:
        if not word or re.search(r"\s", word):
            raise Mistake("bad-expectation", f"{shorten(text)} has a side that is not names with commas between", FORM)
    return words


@dataclass(frozen=True, slots=True)
class _Line:
    """Marks the type that is written as a mapping of one key."""

    def __get_pydantic_core_schema__(self, source: object, inner: GetCoreSchemaHandler) -> CoreSchema:
        written = core_schema.plain_serializer_function_ser_schema(_show)
        return core_schema.no_info_plain_validator_function(_validate, serialization=written)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, inner: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {
            "type": "object",
            "minProperties": 1,
            "maxProperties": 1,
            "propertyNames": {"pattern": "->"},
            "additionalProperties": {"enum": ["open", "closed"]},
        }


def _validate(value: object) -> Expected:
    try:
        return value if isinstance(value, Expected) else read(value)
    except Mistake as mistake:
        raise mistake.for_pydantic() from None


def _show(expected: Expected) -> dict[str, str]:
    return {expected.text: "open" if expected.open else "closed"}


ExpectLine: TypeAlias = Annotated[Expected, _Line()]
