"""Errors of the schema in plain sentences.

In: one error of pydantic, with its path. Out: a diagnostic at the place of the value. Never shows pydantic's own words,
nor the name of a Python type.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias, cast

from pydantic_core import ErrorDetails

from warren.basis.diagnostic import Diagnostic, did_you_mean, error
from warren.spec.compose import instead
from warren.spec.fields import kind, shorten
from warren.spec.keys import keys_at
from warren.spec.tree import Path, Tree

Context: TypeAlias = "Mapping[str, object]"

EXPECTED = {
    "int_type": "a number",
    "float_type": "a number",
    "bool_type": "true or false",
    "string_type": "text",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}
BOUNDS = {
    "greater_than_equal": ("ge", "at least"),
    "less_than_equal": ("le", "at most"),
    "greater_than": ("gt", "more than"),
    "less_than": ("lt", "less than"),
}
SHAPES = {
    "ports": "name each port: `ports: {web: 80, play: 12345/udp}`",
    "services": "write each service by its name: `services: {blog: {host: vps}}`",
    "hosts": "write each host by its name: `hosts: {vps: {public: 203.0.113.10}}`",
    "expose": "write `expose: [{port: 12345/udp, to: play}]`",
    "groups": "write `groups: {apps: [cloud, game]}`",
    "network": "write `network: {name: home}`",
}


def diagnose(found: ErrorDetails, tree: Tree) -> Diagnostic:
    """The sentence for one error."""
    context: Context = found.get("ctx", {})
    path, on_key = _without_key_mark(found["loc"])
    code, value = found["type"], found["input"]
    if "sentence" in context:
        return error(code, str(context["sentence"]), tree.place(path, key=on_key), cast("str | None", context["hint"]))
    match code:
        case "missing":
            return error("missing-key", f"{_what(path[:-1])} lacks `{path[-1]}`", tree.place(path[:-1], key=True))
        case "extra_forbidden":
            return _unknown_key(path, tree)
        case "literal_error":
            return _literal(path, value, context, tree)
        case "too_short":
            return error("empty", f"{_what(path)} is empty", tree.place(path, key=True))
        case _:
            return _wrong(code, path, value, context, tree)


def _wrong(code: str, path: Path, value: object, context: Context, tree: Tree) -> Diagnostic:
    place, what = tree.place(path), _what(path)
    if code in BOUNDS:
        bound, words = BOUNDS[code]
        return error("out-of-bounds", f"{what} must be {words} {context[bound]}, found {kind(value)}", place)
    # A kind of error that nobody has met yet still gets a sentence of ours.
    expected = EXPECTED.get(code)
    summary = f"{what} must be {expected}, found {kind(value)}" if expected else f"{what} cannot be {kind(value)}"
    return error("wrong-type", summary, place, SHAPES.get(str(path[-1])) if path else None)


def _literal(path: Path, value: object, context: Context, tree: Tree) -> Diagnostic:
    expected = str(context["expected"]).replace("'", "`")
    hint = (
        did_you_mean(value, expected.replace("`", "").replace(" or ", ", ").split(", "))
        if isinstance(value, str)
        else None
    )
    if path == ("version",) and isinstance(value, int):
        hint = "a file of a later version needs a later warren"
    return error("wrong-value", f"{_what(path)} must be {expected}, found {kind(value)}", tree.place(path), hint)


def _unknown_key(path: Path, tree: Tree) -> Diagnostic:
    key = str(path[-1])
    hint = instead(path) or did_you_mean(key, keys_at(path[:-1]))
    summary = f"{_what(path[:-1])} has no key {shorten(key)}"
    return error("unknown-key", summary, tree.place(path, key=True), hint)


def _without_key_mark(path: Path) -> tuple[Path, bool]:
    on_key = bool(path) and path[-1] == "[key]"
    return (path[:-1], True) if on_key else (path, False)


def _what(path: Path) -> str:
    if not path:
        return "the file"
    words = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")
    return shorten(words, 80)
