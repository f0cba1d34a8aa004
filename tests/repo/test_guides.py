"""What the guides and the README show as a file is one: `warren check` has nothing to say about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.repo.house import ROOT
from tests.unit.cli.calling import call
from warren.cli.tree import COMMANDS, FAULTS, LAB_COMMANDS

PAGES = (ROOT / "README.md", *sorted((ROOT / "docs" / "guide").glob("*.md")))
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
# A whole file says which version of the format it is; the others are parts.
WHOLE = "version: "
COMMAND = re.compile(r"(?:^\$ |^|`)warren ([a-z]+)(?: ([a-z]+)(?: ([a-z]+))?)?", re.MULTILINE)


def blocks(text: str, language: str) -> Iterator[str]:
    """The code blocks of one language."""
    return (content for tag, content in BLOCK.findall(text) if tag == language)


def code(text: str) -> str:
    """What is set as code, in blocks and in lines."""
    return "\n".join(CODE.findall(text))


def whole_files() -> list[tuple[str, str]]:
    """Every block that is a whole file, with the page that shows it."""
    return [
        (page.name, content)
        for page in PAGES
        for content in blocks(page.read_text(), "yaml")
        if content.startswith(WHOLE)
    ]


@pytest.mark.parametrize(("page", "content"), whole_files(), ids=[page for page, _ in whole_files()])
def test_a_whole_file_is_one(page: str, content: str, tmp_path: Path) -> None:
    file = tmp_path / "warren.yaml"
    file.write_text(content)
    said = call("check", str(file))
    assert (said.code, said.err) == (0, "")


def test_every_guide_but_the_labs_shows_a_whole_file() -> None:
    shown = {page for page, _ in whole_files()}
    assert {"first-network.md", "expose.md", "permissions.md", "egress.md"} <= shown


def test_the_commands_are_there() -> None:
    for page in PAGES:
        for command, word, third in COMMAND.findall(code(page.read_text())):
            line = f"{page.name}: warren {command} {word} {third}"
            assert command in COMMANDS, line
            assert command != "lab" or not word or word in LAB_COMMANDS, line
            assert (command, word) != ("lab", "fault") or not third or third in FAULTS, line


def test_a_part_is_not_a_whole_file() -> None:
    text = "```yaml\nversion: 1\n```\n\n```yaml\nservices: {}\n```\n\n```console\n$ warren check\n```\n"
    assert list(blocks(text, "yaml")) == ["version: 1\n", "services: {}\n"]
    assert COMMAND.findall(code(text)) == [("check", "", "")]
