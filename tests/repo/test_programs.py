"""What the guide for programs says of documents and events is what is printed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.repo.house import ROOT
from tests.unit.cli.calling import bench, call, written
from warren.cli.tree import COMMANDS

PAGE = (ROOT / "docs" / "guide" / "programs.md").read_text()
ROW = re.compile(r"^\| `([a-z ]+)` \| (`.*) \|$", re.MULTILINE)
DOCUMENTS = {
    command: re.findall(r"`(\w+)`", keys) for command, keys in ROW.findall(PAGE.partition("## One document")[2])
}
TYPED = (
    "check", "show spec", "show topology", "show desired", "plan", "apply --yes", "status", "traffic", "graph",
    "explain --static internet game", "completion bash", "lab status",
)  # fmt: skip


@pytest.mark.parametrize("words", TYPED)
def test_a_document_has_the_keys_of_the_page(words: str, tmp_path: Path) -> None:
    command = next(each for each in sorted(DOCUMENTS, key=len, reverse=True) if words.startswith(each))
    with bench():
        done = call(*words.split(), "--json", "-f", written(tmp_path))
    version, *keys = json.loads(done.out)
    assert version == "version"
    # What may be there is said behind the others.
    assert keys == DOCUMENTS[command][: len(keys)]


def test_every_command_with_a_document_is_there() -> None:
    told = {command.partition(" ")[0] for command in DOCUMENTS}
    assert set(COMMANDS) - told == {"shell", "schema"}


def test_every_event_is_there() -> None:
    source = "".join(path.read_text() for path in (ROOT / "src" / "warren" / "cli").rglob("*.py"))
    for event in set(re.findall(r'\btell\(\s*"(\w+)"', source)):
        assert f"| `{event}` |" in PAGE, event
