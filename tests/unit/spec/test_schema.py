"""schema: what editors are told about the file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from warren.spec.schema import FILE_NAME, Json, schema, schema_text

ROOT = Path(__file__).parents[3]


def nodes(node: Json) -> Iterator[dict[str, Json]]:
    """Every mapping of a schema."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from nodes(value)
    elif isinstance(node, list):
        for value in node:
            yield from nodes(value)


def definitions() -> dict[str, Json]:
    """The parts of the schema by name."""
    found = schema()["definitions"]
    assert isinstance(found, dict)
    return found


def properties(name: str | None = None) -> dict[str, Json]:
    """The keys of the file, or of one of its parts."""
    part = definitions()[name] if name else schema()
    assert isinstance(part, dict)
    found = part["properties"]
    assert isinstance(found, dict)
    return found


def test_the_committed_schema_is_current() -> None:
    assert (ROOT / "schema" / FILE_NAME).read_text() == schema_text()


def test_only_words_of_draft_7_are_used() -> None:
    text = json.dumps(schema())
    for word in ("$defs", "prefixItems", "dependentRequired", "unevaluated", '"null"'):
        assert word not in text


def test_nothing_stands_beside_a_reference() -> None:
    assert all(set(node) == {"$ref"} for node in nodes(schema()) if "$ref" in node)


def test_every_reference_leads_somewhere() -> None:
    targets = {str(node["$ref"]).removeprefix("#/definitions/") for node in nodes(schema()) if "$ref" in node}
    assert targets == set(definitions())


def test_every_key_has_a_description() -> None:
    for part in (None, *definitions()):
        for key, value in properties(part).items():
            assert isinstance(value, dict) and ("description" in value or "$ref" in value), f"{part}.{key}"


def test_shorthands_are_offered() -> None:
    assert properties("Service")["needs"] == {
        "anyOf": [
            {"type": "string"},
            {"$ref": "#/definitions/To"},
            {"items": {"anyOf": [{"type": "string"}, {"$ref": "#/definitions/To"}]}, "type": "array"},
        ],
        "description": "What it may connect to; everything else is denied.",
    }
    firewall = properties("Host")["firewall"]
    assert isinstance(firewall, dict)
    assert firewall["anyOf"] == [{"type": "boolean"}, {"$ref": "#/definitions/Firewall"}]


def test_keys_have_the_names_of_the_file() -> None:
    assert "from" in properties("Expose") and "except" in properties("To")
