"""The JSON Schema of the file, for editors.

In: the models. Out: a draft-7 schema as plain values. Never says more than the models: a file that it accepts can still
be refused by `check`.
"""

from __future__ import annotations

import json
from typing import TypeAlias

from warren.spec.model import Spec

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

DRAFT = "http://json-schema.org/draft-07/schema#"
FILE_NAME = "warren.schema.json"
# What pydantic adds for programs and what only hides the descriptions from people.
NOISE = ("title", "discriminator")


def schema() -> dict[str, Json]:
    """The schema of the whole file."""
    described = _draft7(Spec.model_json_schema(by_alias=True))
    assert isinstance(described, dict)
    return {"$schema": DRAFT, "title": "warren.yaml", **described}


def schema_text() -> str:
    """The schema as it is stored beside a file."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


def _draft7(node: Json, *, names: bool = False) -> Json:
    """The same in words that every editor knows. `names` is true where keys are the user's and not the schema's."""
    if isinstance(node, list):
        return [_draft7(item) for item in node]
    if not isinstance(node, dict):
        return node
    if names:
        return {key: _draft7(value) for key, value in node.items()}
    kept = {key: value for key, value in node.items() if key not in NOISE and not _is_structured_default(key, value)}
    made = {
        _renamed(key): _draft7(value, names=key in ("properties", "$defs", "patternProperties"))
        for key, value in kept.items()
    }
    if "patternProperties" in made:
        made.setdefault("additionalProperties", False)
    return _referring(_flat(made))


def _is_structured_default(key: str, value: Json) -> bool:
    # Nobody reads a default of twenty lines in an editor's tooltip; its parts show theirs.
    return key == "default" and (value is None or isinstance(value, dict | list))


def _renamed(key: str) -> str:
    return "definitions" if key == "$defs" else key


def _flat(node: dict[str, Json]) -> dict[str, Json]:
    """Choices inside choices as one list, and without `null`: a key is left out instead."""
    choices = node.get("anyOf")
    if not isinstance(choices, list):
        return node
    found: list[Json] = []
    for choice in choices:
        inner = choice.get("anyOf") if isinstance(choice, dict) and set(choice) == {"anyOf"} else None
        found += [one for one in (inner if isinstance(inner, list) else [choice]) if one not in found]
    found = [one for one in found if one != {"type": "null"}]
    rest = {key: value for key, value in node.items() if key != "anyOf"}
    if len(found) == 1 and isinstance(found[0], dict):
        return {**found[0], **rest}
    return {"anyOf": found, **rest}


def _referring(node: dict[str, Json]) -> dict[str, Json]:
    """A reference alone: before draft 2019-09 whatever stands beside one is not read."""
    target = node.get("$ref")
    if not isinstance(target, str):
        return node
    reference: Json = {"$ref": target.replace("#/$defs/", "#/definitions/")}
    rest = {key: value for key, value in node.items() if key != "$ref"}
    return {"allOf": [reference], **rest} if rest else {"$ref": target.replace("#/$defs/", "#/definitions/")}
