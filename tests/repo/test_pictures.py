"""The pictures of the documents are those that the product draws today."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.repo.house import ROOT
from warren.pictures.svg import draw
from warren.source import read
from warren.spec.load import load
from warren.topology.ledger import Ledger
from warren.topology.resolve import resolve

PICTURES = ROOT / "docs" / "pictures"


@pytest.mark.parametrize("name", ["nine-worlds", "tidy-homelab", "two-gateways"])
def test_a_picture_shows_its_example(name: str, accept: bool) -> None:
    drawn = draw(resolve(load(read(ROOT / "examples" / name / "warren.yaml")), Ledger())[0])
    path: Path = PICTURES / f"{name}.svg"
    if accept:
        path.parent.mkdir(exist_ok=True)
        path.write_text(drawn)
    assert path.read_text() == drawn, "run pytest tests/repo/test_pictures.py --accept"
