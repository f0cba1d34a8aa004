"""`warren schema` as it is typed."""

from __future__ import annotations

import json

from tests.unit.cli.calling import call


def test_it_is_the_schema() -> None:
    done = call("schema")
    assert done.code == 0
    assert json.loads(done.out)["title"] == "warren.yaml"
