"""`warren graph` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.calling import call, written


@pytest.mark.parametrize(
    ("form", "beginning"), [("text", "╭"), ("svg", "<svg"), ("mermaid", "---"), ("dot", "digraph")]
)
def test_each_form(tmp_path: Path, form: str, beginning: str) -> None:
    done = call("graph", "-f", written(tmp_path), "--format", form)
    assert done.code == 0
    assert done.out.startswith(beginning)
    assert not done.out.endswith("\n\n")
    assert not (tmp_path / "warren.lock").exists()


def test_for_programs_it_is_the_topology(tmp_path: Path) -> None:
    assert "game" in json.loads(call("graph", "-f", written(tmp_path), "--json").out)["services"]


def test_the_width(tmp_path: Path) -> None:
    done = call("graph", "-f", written(tmp_path), "--width", "70")
    assert max(map(len, done.out.splitlines())) <= 70
