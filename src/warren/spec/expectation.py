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

# Whoever there is: the Internet, every LAN, every host and every service.
ANYONE = "anyone"
# YAML wants a line that begins with it, or with `*`, in quotes.
NOT = "!"
FORM = "write it as `- internet -> game.play: open`"


@dataclass(frozen=True, slots=True)
class Expected:
    """From every word of `sources` to every word of `targets` connections are `open`, or none is.

    What `but_sources` and `but_targets` stand for is left out.
    """

    text: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    open: bool
    but_sources: tuple[str, ...] = ()
    but_targets: tuple[str, ...] = ()


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
    (sources, but_sources), (targets, but_targets) = (_side(side, text) for side in sides)
    if not targets:
        raise Mistake(
            "bad-expectation", f"{shorten(text)} does not say what is reached", "write `* but db` for all but db"
        )
    open_ = verdict == "open"
    return Expected(" ".join(text.split()), sources or (ANYONE,), targets, open_, but_sources, but_targets)


def _side(side: str, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words of a side, and those that are left out: behind `but`, or each with `!` before it."""
    said, *but = re.split(r"\sbut\s", f" {side} ")
    if len(but) > 1:
        raise Mistake(
            "bad-expectation", f"{shorten(text)} says `but` twice on one side", "put commas between the names"
        )
    words, left_out = _words(said, text), _words(but[0], text) if but else ()
    negated = tuple(word[1:] for word in words if word.startswith(NOT))
    return tuple(word for word in words if not word.startswith(NOT)), (*negated, *left_out)


def _words(side: str, text: str) -> tuple[str, ...]:
    words = tuple(word.strip() for word in side.split(","))
    for word in words:
        if not word.removeprefix(NOT) or re.search(r"\s", word):
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
