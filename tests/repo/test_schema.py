"""The committed JSON Schema is the one that the source gives."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.repo.house import ROOT

SOURCE = ROOT / "src" / "warren" / "spec" / "schema.py"
SCHEMA = ROOT / "schema" / "warren.schema.json"


@pytest.mark.skipif(not SOURCE.exists(), reason="warren.spec.schema is not written yet")
def test_the_committed_schema_is_current() -> None:
    command = [sys.executable, "-m", "warren", "schema"]
    generated = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert json.loads(SCHEMA.read_text()) == json.loads(generated), "run `make docs`"
