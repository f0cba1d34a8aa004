"""Who is a machine's first process; that its words lead there is shown in tests/machines."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from warren.lab.machines import entry, groups


def test_what_boots_nothing_has_no_first() -> None:
    assert entry.first(os.getpid()) is None
    assert not entry.has_children(2**22 + 1)


def test_the_words_enter_the_group_before_the_namespaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "payload", lambda _: Path("/cg/x/payload"))
    words = entry.words(77)
    assert words[0] == "sh" and "/cg/x/payload/visitors" in words
    assert words[words.index("--target") + 1] == "77" and words[-1] == "--"
