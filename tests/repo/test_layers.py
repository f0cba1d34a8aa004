"""Imports point only downward: a file may import its own room and lower layers, nothing else of warren."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from itertools import chain

import pytest

from tests.repo.house import SourceFile, assert_none, product, sample

# From the bottom to the top. Rooms of one layer are strangers.
LAYERS = (
    {"basis"},
    {"formats"},
    {"spec"},
    {"topology"},
    {"desired"},
    {"plan", "prove", "pictures", "accounts", "doctor"},
    {"source", "observe", "condition", "survey", "probe", "secrets", "hosts"},
    # They observe, too: what could not be finished is led back, what does not answer is explained.
    {"apply", "evidence"},
    {"lab", "verify", "explain"},
    {"pipeline"},
    {"cli", "web"},
    {"__main__"},
)
LEVEL = {room: level for level, rooms in enumerate(LAYERS) for room in rooms}
# `warren` itself holds the version: everybody may read it, and it may read nobody.
LEVEL["__init__"] = -1
# Effects are done to hosts, so the rooms of effects may use the carriers beside them.
SHARED_BY_ITS_LAYER = "hosts"


def imported_modules(file: SourceFile) -> Iterator[str]:
    """Full names of what a file imports, wherever in the file; `from a import b` gives `a.b`."""
    package = file.path.parent.parts[1:]
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def room_of(module: str) -> str | None:
    """The room of an imported name of warren, or None for modules of others."""
    package, *rest = module.split(".")
    if package != "warren":
        return None
    return rest[0] if rest and (len(rest) > 1 or rest[0] in LEVEL) else "__init__"


def may_import(importer: str, imported: str) -> bool:
    """Whether one room may import another."""
    if importer == imported or LEVEL[imported] < LEVEL[importer]:
        return True
    return imported == SHARED_BY_ITS_LAYER and LEVEL[imported] == LEVEL[importer]


def wrong_imports(files: Iterable[SourceFile]) -> list[str]:
    """Imports that point upward or sideways, and rooms that the house does not have."""
    return list(chain.from_iterable(map(wrong_imports_of, files)))


def wrong_imports_of(file: SourceFile) -> Iterator[str]:
    """The wrong imports of one file."""
    if file.room not in LEVEL:
        yield f"{file.path}: no such room: {file.room}"
        return
    for module in imported_modules(file):
        room = room_of(module)
        if room is not None and room not in LEVEL:
            yield f"{file.path}: imports {module}: no such room: {room}"
        elif room is not None and not may_import(file.room, room):
            yield f"{file.path}: {file.room} must not import {module}"


def test_imports_point_downward() -> None:
    assert_none(wrong_imports(product()))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("src/warren/basis/names.py", "from warren.spec.model import Spec"),
        ("src/warren/plan/diff.py", "import warren.prove.walk"),
        ("src/warren/plan/diff.py", "from ..prove import walk"),
        ("src/warren/plan/diff.py", "def late() -> None:\n    from warren import cli"),
        ("src/warren/hosts/ssh.py", "from warren.observe import observe"),
        ("src/warren/lab/build.py", "from warren.verify import verify"),
        ("src/warren/cli/main.py", "from warren.utils.text import wrap"),
        ("src/warren/utils/text.py", "import re"),
        ("src/warren/__init__.py", "from warren.pipeline import plan"),
    ],
)
def test_wrong_imports_are_found(path: str, text: str) -> None:
    assert len(wrong_imports([sample(path, text)])) == 1


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "src/warren/plan/diff.py",
            "from warren.plan.model import Plan\nfrom . import order\nfrom ..desired import model",
        ),
        ("src/warren/observe.py", "from warren.hosts.base import Host"),
        ("src/warren/cli/main.py", "from warren import __version__, pipeline"),
        ("src/warren/desired/parts/links.py", "from ..items.net import Veth\nimport re"),
        ("src/warren/__main__.py", "from warren.cli.main import main"),
    ],
)
def test_right_imports_pass(path: str, text: str) -> None:
    assert wrong_imports([sample(path, text)]) == []
