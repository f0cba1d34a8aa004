"""The table of commands."""

from __future__ import annotations

from warren.cli.tree import COMMANDS, FAULTS, LAB_COMMANDS


def test_short_texts_are_sentences_that_fit() -> None:
    for text in (*COMMANDS.values(), *LAB_COMMANDS.values(), *FAULTS.values()):
        assert text.endswith(".")
        assert len(text) <= 72
