"""The recipe names its own key."""

from __future__ import annotations

import pytest

from warren.lab.machines import recipe


def test_another_package_is_another_image(monkeypatch: pytest.MonkeyPatch) -> None:
    before = recipe.key()
    assert before == recipe.key() and len(before) == 16
    monkeypatch.setattr(recipe, "PACKAGES", (*recipe.PACKAGES, "cowsay"))
    assert recipe.key() != before


def test_no_mirror_and_no_package_twice() -> None:
    assert "://" not in recipe.text()
    assert len(set(recipe.PACKAGES)) == len(recipe.PACKAGES)
