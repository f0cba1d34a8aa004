"""Every command shows how it is called, and every example is a call that the command line understands."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import click
import pytest

from tests.unit.cli.calling import call
from warren.cli.examples import EXAMPLES
from warren.cli.main import warren

LINES = [line for examples in EXAMPLES.values() for line, _ in examples]


def paths(group: click.Group, path: str) -> Iterator[str]:
    """Every command, by the words that call it."""
    yield path
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        if isinstance(command, click.Group):
            yield from paths(command, f"{path} {name}")
        else:
            yield f"{path} {name}"


def typed(line: str) -> list[str]:
    """The words of one command, without what its shell does with them."""
    if found := re.fullmatch(r'eval "\$\((.*)\)"', line):
        return shlex.split(found[1])
    return shlex.split(re.split(r" [|>] ", line)[0])


def test_every_command_has_examples_and_nothing_else_has() -> None:
    assert set(EXAMPLES) == set(paths(warren, "warren"))
    assert all(EXAMPLES.values())


@pytest.mark.parametrize("line", LINES)
def test_an_example_is_understood(line: str) -> None:
    command: click.Command = warren
    parent: click.Context | None = None
    name, *words = typed(line)
    while isinstance(command, click.Group):
        at = next(place for place, word in enumerate(words) if not word.startswith("-"))
        parent = command.make_context(name, words[: at + 1], parent)
        name, words = words[at], words[at + 1 :]
        found = command.get_command(parent, name)
        assert found
        command = found
    command.make_context(name, words, parent)


@pytest.mark.parametrize("path", EXAMPLES)
def test_help_ends_with_them(path: str) -> None:
    done = call(*path.split()[1:], "--help")
    assert all(f"\n  {line}" in done.out for line, _ in EXAMPLES[path])


def test_a_narrow_terminal_has_them_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    lines = call("rollback", "--help").out.splitlines()
    at = lines.index("  warren rollback home 3")
    assert lines[at + 1].startswith("    one host")
    assert all(len(line) <= 50 for line in lines[at:])
