"""The table of commands agrees with the commands."""

from __future__ import annotations

from importlib import import_module

import pytest

from tests.unit.cli.calling import call
from warren.cli.tree import COMMANDS, FAULTS, LAB_COMMANDS


@pytest.mark.parametrize(
    "module", [f"{name}" for name in COMMANDS] + [f"lab.{name}" for name in LAB_COMMANDS], ids=lambda name: name
)
def test_a_command_is_called_as_in_the_table(module: str) -> None:
    command = import_module(f"warren.cli.commands.{module}").command
    assert command.name == module.rpartition(".")[2]
    assert command.help


@pytest.mark.parametrize(
    "words", [[name] for name in COMMANDS] + [["lab", name] for name in LAB_COMMANDS], ids=lambda words: " ".join(words)
)
def test_every_command_has_help(words: list[str]) -> None:
    done = call(*words, "--help")
    assert done.code == 0
    assert f"Usage: warren {' '.join(words)}" in done.out


def test_every_fault_is_a_command() -> None:
    command = import_module("warren.cli.commands.lab.fault").command
    assert sorted(command.commands) == sorted(FAULTS)


def test_short_texts_are_sentences_that_fit() -> None:
    for text in (*COMMANDS.values(), *LAB_COMMANDS.values(), *FAULTS.values()):
        assert text.endswith(".")
        assert len(text) <= 72
