"""The chart as text: golden."""

from __future__ import annotations

import pytest

from tests.unit.pictures.networks import NETWORKS, assert_golden
from warren.pictures.mermaid import draw


@pytest.mark.parametrize("name", NETWORKS)
def test_golden(name: str, accept: bool) -> None:
    assert_golden(f"{name}.mmd", draw(NETWORKS[name]()), accept)
