"""The committed reference names every command, option, key and code that there is."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from shutil import which

import click
import pytest

from scripts.manual import pages
from scripts.reference import findings, spoken
from tests.repo.house import ROOT, assert_none
from warren.cli.main import warren
from warren.spec.checks.risks import RISKS
from warren.spec.schema import schema

REFERENCE = ROOT / "docs" / "reference"


def written(name: str) -> str:
    """One page of the reference."""
    return (REFERENCE / f"{name}.md").read_text()


def commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    """Every command with the words that call it."""
    ctx = click.Context(group)
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        assert command is not None
        yield f"{path} {name}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")


def test_every_command_and_option() -> None:
    text = written("commands")
    sections = {part.splitlines()[0].strip("# "): part for part in text.split("\n##")}
    found = dict(commands(warren, "warren"))
    assert_none(found.keys() - sections.keys())
    for words, command in found.items():
        options = [name for each in command.params if isinstance(each, click.Option) for name in each.opts]
        assert_none(f"{words} {name}: run `make docs`" for name in options if name not in sections[words])


def test_every_key() -> None:
    text = written("file")
    whole = schema()
    definitions = whole["definitions"]
    assert isinstance(definitions, dict)
    for name, node in [("warren.yaml", whole), *definitions.items()]:
        assert isinstance(node, dict)
        section = text.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
        keys = node.get("properties", {})
        assert isinstance(keys, dict)
        assert_none(f"{name}.{key}: run `make docs`" for key in keys if f"| `{key}` |" not in section)


def test_every_code() -> None:
    text = written("diagnostics")
    assert_none(f"{code}: run `make docs`" for code in {*RISKS, *spoken(), *findings()} if f"| `{code}` |" not in text)


def test_every_man_page_is_current() -> None:
    folder = ROOT / "docs" / "man"
    kept = {str(path.relative_to(folder)): path.read_text() for path in folder.glob("man?/*")}
    wanted = pages()
    assert_none(f"{name}: run `make docs`" for name in {*kept, *wanted} if kept.get(name) != wanted.get(name))


@pytest.mark.skipif(not which("groff"), reason="groff is not installed")
def test_man_pages_are_set_without_a_complaint() -> None:
    for name, text in pages().items():
        command = ["groff", "-man", "-Tutf8", "-ww", "-z"]
        said = subprocess.run(command, input=text.encode(), capture_output=True, check=False).stderr
        assert not said, f"{name}: {said.decode()}"


def test_a_man_page_begins_no_request_and_keeps_what_is_typed() -> None:
    text = "\n".join(pages().values())
    assert r"\fB\-\-confirm\fR auto|manual" in text
    assert not re.search(r"^\.(?!TH|SH|PP|TP|nf|fi|\\\")", text, re.MULTILINE)
