"""One document with its version."""

from __future__ import annotations

import json

from warren.cli.views import json as view


def test_the_version_comes_first() -> None:
    assert json.loads(view.text({"a": "ä"})) == {"version": 1, "a": "ä"}
    assert view.text({"a": 1}).startswith('{\n  "version": 1,')
